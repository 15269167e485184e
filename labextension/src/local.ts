import { quoted } from './rebuild';
import type * as wire from './wire';

/** Packages that run from a folder of this machine, and what others have of them. */

/** Characters of a commit that people are shown. */
const SHORT = 7;

const ABOUT_FOLDERS: readonly string[] = [
  'editable-install',
  'local-source',
  'unpushed-source'
];

/** An address without what only a program needs. */
export function shownAddress({ url, commit }: wire.GitAddress): {
  readonly address: string;
  readonly commit: string;
} {
  const address = url.replace(/^[a-z+]+:\/\/(?:[^/@]*@)?/i, '').replace(/\.git$/, '');
  return { address, commit: commit.slice(0, SHORT) };
}

/** What sends the commit to its remote; null where it is there, or there is none. */
export function pushOf({ git, folder }: wire.LocalPackage): string | null {
  return git === null || git.pushed ? null : `git -C ${quoted(folder)} push`;
}

/** Whether its git address could be written, and is not. */
export function couldBeCloned(
  local: readonly wire.LocalPackage[] | undefined,
  name: string | null | undefined
): boolean {
  const found = local?.find(other => other.name === name);
  return found !== undefined && found.options.includes('git') && found.named !== 'git';
}

/** Whether a finding is about the folder that this package runs from. */
export function isOfFolder(
  { code, package: name }: wire.Finding,
  local: string
): boolean {
  return name === local && ABOUT_FOLDERS.includes(code);
}
