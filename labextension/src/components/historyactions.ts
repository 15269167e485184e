import { CommandIDs, type CommandID } from '../tokens';
import type * as wire from '../wire';
import type { IAction } from './actions';
import type { IHistoryViewProps } from './HistoryView';

/** What can be done with a snapshot. */
export function entryActions(
  props: IHistoryViewProps,
  snapshot: wire.ListedSnapshot
): readonly IAction[] {
  const { trans } = props;
  const run = (words: string, id: CommandID): IAction => ({
    words,
    onClick: () => {
      props.onRun(id, { snapshot: snapshot.id });
    }
  });
  const open = {
    words: trans.__('Open'),
    onClick: () => {
      props.onOpen(snapshot);
    }
  };
  const compare = comparing(props, snapshot);
  return [
    open,
    ...(compare ? [{ words: trans.__('Compare'), onClick: compare }] : []),
    ...(props.mayWrite ? [run(trans.__('Restore…'), CommandIDs.restoreSnapshot)] : []),
    ...(props.mayWrite ? [run(trans.__('Delete…'), CommandIDs.deleteSnapshot)] : []),
    // The note of a save is its file and commit.
    ...(props.mayWrite && snapshot.reason !== 'saved'
      ? [run(trans.__('Note…'), CommandIDs.noteSnapshot)]
      : [])
  ];
}

/** With the kernel now; without one with the snapshot before it, if that is in the list. */
function comparing(
  props: IHistoryViewProps,
  snapshot: wire.ListedSnapshot
): (() => void) | null {
  const { state, hasKernel, onCompare } = props;
  if (hasKernel) {
    return () => {
      onCompare(snapshot, null);
    };
  }
  const since = snapshot.change?.since;
  const older =
    state.kind === 'ready' ? state.snapshots.find(({ id }) => id === since) : undefined;
  return older
    ? () => {
        onCompare(older, snapshot);
      }
    : null;
}
