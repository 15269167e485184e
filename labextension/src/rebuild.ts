import { PathExt } from '@jupyterlab/coreutils';
import type * as wire from './wire';

/**
 * What a colleague types in a clone to get this environment. Also for a venv: the file lists
 * Python and the pip packages, from which conda makes the same.
 */
export function rebuildCommand(preview: wire.SavePreview): string {
  return `conda env create -f ${quoted(pathInRepository(preview))}`;
}

/** From the top of the work tree, as far as it lies below the server's root. */
function pathInRepository({ path, repository }: wire.SavePreview): string {
  if (repository === null) {
    return PathExt.basename(path);
  }
  const parts = path.split('/');
  return parts.slice(parts.indexOf(repository.top) + 1).join('/');
}

/** For a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
