import type * as wire from './wire';
import { quoted } from './rebuild';

/** What can be done about a finding. */
export type Deed =
  | 'choose-environment'
  | 'copy-install-command'
  | 'copy-path'
  | 'copy-push-command'
  | 'leave-out-no-more'
  | 'look-again'
  | 'restart-kernel'
  | 'show-line'
  | 'show-packages'
  | 'write-git-address';

interface IKind {
  /** Whether it may keep others from rebuilding, or is only good to know. */
  readonly sign: 'warning' | 'hint';
  readonly deeds: readonly Deed[];
}

export const KINDS: Readonly<Record<string, IKind>> = {
  'editable-install': { sign: 'warning', deeds: ['write-git-address', 'show-line'] },
  'local-source': { sign: 'warning', deeds: ['show-line'] },
  'unpushed-source': {
    sign: 'warning',
    deeds: ['copy-push-command', 'look-again', 'show-line']
  },
  'unknown-index': { sign: 'warning', deeds: ['show-line', 'look-again'] },
  'user-site-package': { sign: 'warning', deeds: ['copy-install-command', 'show-line'] },
  'conda-and-pip': { sign: 'warning', deeds: ['show-line'] },
  'not-captured': { sign: 'warning', deeds: ['copy-path', 'look-again'] },
  'being-changed': { sign: 'warning', deeds: ['look-again'] },
  'file-not-updated': { sign: 'warning', deeds: [] },
  'journal-off': { sign: 'warning', deeds: [] },
  'history-not-kept': { sign: 'warning', deeds: [] },
  'history-set-aside': { sign: 'warning', deeds: ['copy-path'] },
  'loaded-before-change': { sign: 'hint', deeds: ['restart-kernel'] },
  'not-in-format': { sign: 'warning', deeds: [] },
  'sources-disagree': { sign: 'warning', deeds: ['choose-environment'] },
  'credentials-removed': { sign: 'hint', deeds: ['show-line'] },
  'secret-variable-omitted': { sign: 'hint', deeds: [] },
  'defaults-channel': { sign: 'hint', deeds: ['show-packages'] },
  'duplicate-distribution': { sign: 'hint', deeds: ['show-line'] },
  'excluded-needed': { sign: 'hint', deeds: ['leave-out-no-more'] },
  'excluded-absent': { sign: 'hint', deeds: ['leave-out-no-more'] },
  'hook-added-files': { sign: 'hint', deeds: [] },
  'hook-changed-file': { sign: 'hint', deeds: [] },
  'hook-changed-message': { sign: 'hint', deeds: [] },
  'hook-stopped': { sign: 'hint', deeds: [] }
};

/** One that this page does not know yet may matter. */
const UNKNOWN: IKind = { sign: 'warning', deeds: ['show-line', 'copy-path'] };

export function kindOf(finding: wire.Finding): IKind {
  return KINDS[finding.code] ?? UNKNOWN;
}

/** Whether a finding may keep others from rebuilding. */
export function isWarning(finding: wire.Finding): boolean {
  return kindOf(finding).sign === 'warning';
}

const ABOUT_OMISSIONS: readonly string[] = ['excluded-absent', 'excluded-needed'];

/** Whether somebody who saves the file must know of it. */
export function isOfFile(finding: wire.Finding): boolean {
  return isWarning(finding) || ABOUT_OMISSIONS.includes(finding.code);
}

/** What sends a package's commit to its remote; null where its folder is not known. */
export function pushCommand(
  { package: name }: wire.Finding,
  { pypi = [] }: wire.Environment
): string | null {
  const source = pypi.find(other => other.name === name)?.source;
  return source?.type === 'local' ? `git -C ${quoted(source.path)} push` : null;
}

/** The command that the advice names. */
export function installCommand({ advice }: wire.Finding): string | null {
  return advice?.split('`')[1] ?? null;
}

/** The packages of Anaconda's own channels. */
export function fromDefaults({ conda = [] }: wire.Environment): readonly string[] {
  return conda
    .filter(({ channel }) => channel === 'defaults')
    .map(({ name, version }) => `${name} ${version}`);
}
