import type { TranslationBundle } from '@jupyterlab/translation';
import type * as wire from './wire';

/** The words for why a save makes no commit. */

/** What tells git who commits. */
export const IDENTITY_COMMANDS = [
  'git config --global user.name "Your Name"',
  'git config --global user.email you@example.org'
].join('\n');

export function needsIdentity(problem: wire.ErrorReply | null): boolean {
  return problem?.code === 'git-no-identity';
}

/** Before the save: what is done without the commit, or what to do first. */
export function commitProblemWords(
  trans: TranslationBundle,
  problem: wire.ErrorReply
): string {
  const { code, detail = {} } = problem;
  if (needsIdentity(problem)) {
    return trans.__(
      'git does not know your name yet. The file is saved, without a commit.'
    );
  }
  if (code === 'git-no-repository' && detail['why'] === 'none') {
    return trans.__(
      'This folder is not in a git repository. The file is saved, without a commit.'
    );
  }
  if (code === 'git-operation-in-progress' && detail['operation'] === 'merge') {
    return trans.__('A merge is in progress. Finish it first, or save without a commit.');
  }
  return problem.message;
}

/** After the save: why the commit that was wanted is missing. */
export function notCommittedWords(
  trans: TranslationBundle,
  name: string,
  problem: wire.ErrorReply
): string {
  return needsIdentity(problem)
    ? trans.__('Saved %1. Not committed: git does not know your name yet.', name)
    : trans.__('Saved %1. Not committed: %2', name, problem.message);
}
