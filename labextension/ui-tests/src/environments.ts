import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { CLIMATE, kernelspecs, writeOddKernels } from './kernels';

const REPOSITORY = resolve(__dirname, '..', '..', '..');

/** Make the conda environment and its kernels; takes a second, the first time more. */
export function makeClimate(home: string): string {
  const prefix = join(home, 'envs', CLIMATE.name);
  execFileSync(
    'python',
    ['-m', 'dev.conda_env', '--prefix', prefix, '--kernelspec', kernelspecs(home)],
    { cwd: REPOSITORY, stdio: ['ignore', 'ignore', 'inherit'] }
  );
  writeOddKernels(home, prefix, makeEmptyEnvironment(home, 'old'));
  return prefix;
}

/** A conda environment without a package; its path. */
export function makeEmptyEnvironment(home: string, name: string): string {
  const prefix = join(home, 'envs', name);
  mkdirSync(records(prefix), { recursive: true });
  writeFileSync(join(records(prefix), 'history'), '');
  return prefix;
}

/** Let a package run from this folder, for a while, as `pip install --editable` has it. */
export async function withEditable(
  prefix: string,
  name: string,
  folder: string,
  run: () => Promise<void>
): Promise<void> {
  const info = join(sitePackages(prefix), `${name}-0.1.dist-info`);
  mkdirSync(info);
  writeFileSync(
    join(info, 'METADATA'),
    `Metadata-Version: 2.1\nName: ${name}\nVersion: 0.1\n`
  );
  writeFileSync(
    join(info, 'direct_url.json'),
    JSON.stringify({ url: `file://${folder}`, dir_info: { editable: true } })
  );
  try {
    await run();
  } finally {
    rmSync(info, { recursive: true });
  }
}

/** What an environment lists as installed: no test is to see what another one installed. */
export class Listing {
  private readonly records: Map<string, string>;
  private readonly packages: Set<string>;

  constructor(private readonly prefix: string) {
    const folder = records(prefix);
    this.records = new Map(
      readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf-8')])
    );
    // Python makes it on its own when it first runs.
    this.packages = new Set(['__pycache__', ...readdirSync(sitePackages(prefix))]);
  }

  /** Take away what was installed since, and bring back the records that were changed. */
  restore(): void {
    remove(records(this.prefix), this.records);
    for (const [name, text] of this.records) {
      const path = join(records(this.prefix), name);
      if (read(path) !== text) {
        writeFileSync(path, text);
      }
    }
    remove(sitePackages(this.prefix), this.packages);
  }
}

function remove(folder: string, kept: { has(name: string): boolean }): void {
  for (const name of readdirSync(folder).filter(each => !kept.has(each))) {
    rmSync(join(folder, name), { recursive: true });
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf-8');
  } catch {
    return null;
  }
}

function records(prefix: string): string {
  return join(prefix, 'conda-meta');
}

function sitePackages(prefix: string): string {
  const lib = join(prefix, 'lib');
  const python = readdirSync(lib).find(each => /^python3\.\d+$/.test(each)) ?? '';
  return join(lib, python, 'site-packages');
}
