import type { TranslationBundle } from '@jupyterlab/translation';
import type { SaveSource, IClient } from './client';
import type { IAction } from './command';
import type { Page } from './page';
import { clock, dayWords } from './time';
import { CommandIDs } from './tokens';
import { reasonWords } from './words';

export interface IHistoryCommandsOptions {
  page: Page;
  client: IClient;
  trans: TranslationBundle;
  /** Ask whether to go on; `label` is what that is called. */
  confirm: (title: string, body: string, label: string) => Promise<boolean>;
  /** Ask for a note, which is `note` now; null: it stays as it is. */
  askNote: (note: string) => Promise<string | null>;
  /** Save it, after a look at what is written. */
  save: (source: SaveSource) => Promise<void>;
  /** Run it, and tell in words what did not work. */
  told: (work: () => Promise<void>) => Promise<void>;
}

type HistoryCommandID =
  | typeof CommandIDs.restoreSnapshot
  | typeof CommandIDs.noteSnapshot
  | typeof CommandIDs.deleteSnapshot;

const SNAPSHOT = {
  snapshot: { type: 'string', description: 'Id of the snapshot' }
} as const;

/** What is done with one snapshot of the history. */
export function historyCommands(
  options: IHistoryCommandsOptions
): Readonly<Record<HistoryCommandID, IAction>> {
  const { page, client, trans, told } = options;
  const { model, history } = page;

  const remove = async (id: string): Promise<void> => {
    const agreed = await options.confirm(
      trans.__('Delete this snapshot?'),
      deleteWords(id),
      trans.__('Delete')
    );
    if (agreed) {
      await told(async () => {
        await model.permission.of(client.deleteSnapshot(id));
        // What changed since the one before is another now for the row above.
        history.reload();
      });
    }
  };

  const deleteWords = (id: string): string => {
    const snapshot = history.find(id);
    if (!snapshot) {
      return trans.__('Files and commits stay as they are.');
    }
    const at = new Date(snapshot.taken_at);
    return trans.__(
      '%1 %2, %3. Files and commits stay as they are.',
      dayWords(trans, at, new Date()),
      clock(at),
      reasonWords(trans, snapshot.reason)
    );
  };

  const annotate = async (id: string, given: unknown): Promise<void> => {
    const before = history.find(id)?.note ?? '';
    const note = typeof given === 'string' ? given : await options.askNote(before);
    if (note !== null && note.trim() !== before) {
      await told(async () => {
        await model.permission.of(client.annotateSnapshot(id, note.trim() || null));
        history.reload();
      });
    }
  };

  return {
    [CommandIDs.restoreSnapshot]: {
      label: trans.__('Restore the environment file from a snapshot…'),
      caption: trans.__('Write the environment file as the snapshot has it'),
      isEnabled: () => model.mayWrite,
      args: SNAPSHOT,
      execute: async ({ snapshot }) => {
        if (typeof snapshot === 'string') {
          await options.save(`snapshot:${snapshot}`);
        }
      }
    },
    [CommandIDs.noteSnapshot]: {
      label: trans.__('Note on a snapshot…'),
      caption: trans.__('Say in a few words what a snapshot is about'),
      isEnabled: () => model.mayWrite,
      args: {
        ...SNAPSHOT,
        note: { type: 'string', description: 'The note; empty: none; absent: ask' }
      },
      execute: async ({ snapshot, note }) => {
        if (typeof snapshot === 'string') {
          await annotate(snapshot, note);
        }
      }
    },
    [CommandIDs.deleteSnapshot]: {
      label: trans.__('Delete a snapshot…'),
      caption: trans.__('Take a snapshot out of the history'),
      isEnabled: () => model.mayWrite,
      args: SNAPSHOT,
      execute: async ({ snapshot }) => {
        if (typeof snapshot === 'string') {
          await remove(snapshot);
        }
      }
    }
  };
}
