import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { needsIdentity, notCommittedWords } from './commitwords';
import { whenWords } from './time';
import { CommandIDs, type CommandID, type ICommandArgs } from './tokens';
import type * as wire from './wire';
import { problemWords } from './words';

/** One toast per change, as a status message that never takes the focus. */
const AUTO_CLOSE_MS = 8000;
/** So many files a toast names. */
const NAMED = 3;

export class Notifier {
  constructor(
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {}

  kept({ snapshot, unchanged_since: before }: wire.SnapshotTaken): void {
    if (before) {
      const when = whenWords(new Date(before.taken_at), new Date());
      this._say(
        'success',
        this._trans.__('Same as the snapshot of %1. Noted the time.', when),
        [this._action(this._trans.__('Show'), CommandIDs.showHistory)]
      );
      return;
    }
    const count = snapshot.conda_count + snapshot.pypi_count;
    this._say(
      'success',
      this._trans._n(
        'Snapshot kept: %2, %1 package.',
        'Snapshot kept: %2, %1 packages.',
        count,
        snapshot.name
      ),
      [
        this._action(this._trans.__('Add note'), CommandIDs.noteSnapshot, {
          snapshot: snapshot.id
        }),
        this._action(this._trans.__('Save…'), CommandIDs.save)
      ]
    );
  }

  /** Something was installed; `toFront` brings the notebook there that the actions are about. */
  changed(summary: string, count: number, toFront: () => void): void {
    const act = (label: string, id: CommandID): Notification.IAction => ({
      label,
      callback: () => {
        toFront();
        void this._commands.execute(id);
      }
    });
    this._say('info', this._trans.__('Environment changed: %1', summary), [
      count > 1
        ? act(this._trans.__('Review'), CommandIDs.showChanges)
        : act(this._trans.__('Snapshot'), CommandIDs.snapshot),
      act(this._trans.__('Save…'), CommandIDs.save)
    ]);
  }

  notKept(error: unknown): void {
    this._say(
      'error',
      this._trans.__('No snapshot: %1', problemWords(this._trans, error)),
      [this._action(this._trans.__('Download YAML'), CommandIDs.download)]
    );
  }

  answered(kernel: wire.KernelEnvironment): void {
    const said = [kernel, ...(kernel.alternatives ?? [])].find(
      ({ how }) => how === 'kernel'
    );
    this._say(
      'success',
      this._trans.__(
        'The kernel says that it runs in %1.',
        said?.prefix?.path ?? kernel.prefix?.path
      ),
      []
    );
  }

  saved({ path, written, commit, commit_problem: problem }: wire.SaveReply): void {
    const name = PathExt.basename(path);
    const open = this._action(this._trans.__('Open file'), 'docmanager:open', { path });
    if (commit) {
      const more = this._hookWords(commit);
      this._say(
        more.length > 0 ? 'warning' : 'success',
        [this._committed(name, commit), ...more].join(' '),
        [open]
      );
    } else if (problem) {
      this._say(
        'warning',
        notCommittedWords(this._trans, name, problem),
        needsIdentity(problem)
          ? [
              this._action(this._trans.__('How to set it'), CommandIDs.explainIdentity),
              open
            ]
          : [open]
      );
    } else {
      this._say(
        'success',
        written
          ? this._trans.__('Saved %1.', name)
          : this._trans.__('%1 already had this text.', name),
        [open]
      );
    }
  }

  copied(what: string): void {
    this._say('success', what, []);
  }

  failed(error: unknown): void {
    this._say('error', problemWords(this._trans, error), []);
  }

  private _committed(name: string, commit: wire.CommitMade): string {
    return commit.branch === null
      ? this._trans.__('Saved %1 and committed it as %2.', name, commit.short_id)
      : this._trans.__(
          'Saved %1 and committed it to %2 as %3.',
          name,
          commit.branch,
          commit.short_id
        );
  }

  /** What the repository's hooks did besides, in sentences. */
  private _hookWords(commit: wire.CommitMade): readonly string[] {
    const others = commit.other_files ?? [];
    const findings = (commit.findings ?? [])
      .filter(({ code }) => others.length === 0 || code !== 'hook-added-files')
      .map(({ message }) => message.replaceAll('`', ''));
    return others.length > 0 ? [this._added(others), ...findings] : findings;
  }

  private _added(files: readonly string[]): string {
    const names = files.slice(0, NAMED).join(', ');
    const rest = files.length - NAMED;
    return rest > 0
      ? this._trans._n(
          'A git hook added to the commit: %2, and %1 more file.',
          'A git hook added to the commit: %2, and %1 more files.',
          rest,
          names
        )
      : this._trans.__('A git hook added to the commit: %1.', names);
  }

  private _say(
    type: 'info' | 'success' | 'warning' | 'error',
    words: string,
    actions: Notification.IAction[]
  ): void {
    Notification.emit(words, type, { autoClose: AUTO_CLOSE_MS, actions });
  }

  private _action(
    label: string,
    id: string,
    args: ICommandArgs = {}
  ): Notification.IAction {
    return { label, callback: () => void this._commands.execute(id, { ...args }) };
  }
}
