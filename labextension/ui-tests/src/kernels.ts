import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { KernelSpec } from './repository';

/** The kernel in the conda environment, and the one in the server's own. */
export const CLIMATE: KernelSpec = { name: 'climate', displayName: 'Python (climate)' };
export const SERVERS_OWN: KernelSpec = {
  name: 'python3',
  displayName: 'Python 3 (ipykernel)'
};
/** The one in the conda environment, started by a script that waits and fails on demand. */
export const FRAGILE: KernelSpec = { name: 'fragile', displayName: 'Python (fragile)' };
/** In the conda environment, but its settings name the one called `old`. */
export const MISNAMED: KernelSpec = {
  name: 'misnamed',
  displayName: 'Python (misnamed)'
};
/** Of another language, in no environment that can be told. */
export const WORDS: KernelSpec = { name: 'words', displayName: 'Words' };

/** Where the server looks for kernels. */
export function kernelspecs(home: string): string {
  return join(home, 'share', 'jupyter');
}

/** Make the kernels of this environment that are unlike its first. */
export function writeOddKernels(home: string, prefix: string, named: string): void {
  const kernel = [`${prefix}/bin/python`, '-m', 'ipykernel_launcher', '-f'];
  write(home, MISNAMED, kernel, { metadata: { conda_env_path: named } });
  // A kernel that Python wraps: what runs in it is something else.
  write(home, WORDS, kernel, { language: 'words' });
  const script = join(home, 'fragile.sh');
  writeFileSync(
    script,
    [
      `while [ -e '${join(home, 'hold')}' ]; do sleep 0.05; done`,
      `[ ! -e '${join(home, 'broken')}' ] || exit 1`,
      `exec '${prefix}/bin/python' -m ipykernel_launcher -f "$1"`,
      ''
    ].join('\n')
  );
  write(home, FRAGILE, ['sh', script]);
}

function write(
  home: string,
  { name, displayName }: KernelSpec,
  command: string[],
  change: object = {}
): void {
  const folder = join(kernelspecs(home), 'kernels', name);
  mkdirSync(folder);
  const spec = {
    argv: [...command, '{connection_file}'],
    display_name: displayName,
    language: 'python'
  };
  writeFileSync(join(folder, 'kernel.json'), JSON.stringify({ ...spec, ...change }));
}
