import { PathExt } from '@jupyterlab/coreutils';
import React from 'react';
import { REASON_ICONS } from '../reasons';
import { clock, moment } from '../time';
import { CommandIDs, type CommandID, type ICommandArgs } from '../tokens';
import type * as wire from '../wire';
import { reasonWords } from '../words';
import type { IAction, Run } from './actions';
import type { IHistoryViewProps } from './HistoryView';
import { Icon } from './Icon';

export interface IEntry {
  readonly snapshot: wire.Snapshot;
  /** The next older one in the list. */
  readonly older: wire.Snapshot | undefined;
}

interface IEntryProps extends IHistoryViewProps, IEntry {
  unfolded: boolean;
  /** For comparing. */
  picked: boolean;
  onPick: () => void;
  onFold: () => void;
}

/** A snapshot: what it was, why it was kept and when; unfolded what to do with it. */
export function HistoryEntry(props: IEntryProps): React.JSX.Element {
  const { trans, snapshot, unfolded } = props;
  const at = new Date(snapshot.taken_at);
  const mine = snapshot.reason === 'manual' || snapshot.reason === 'saved';
  const tone = mine
    ? ' jp-mod-mine'
    : snapshot.reason === 'kernel-died'
      ? ' jp-mod-bad'
      : '';
  return (
    <li
      className={
        unfolded || props.picked ? 'jp-EnvSnap-entry jp-mod-selected' : 'jp-EnvSnap-entry'
      }
    >
      <span className={`jp-EnvSnap-node${tone}`}>
        <Icon name={REASON_ICONS[snapshot.reason]} />
      </span>
      <button
        type="button"
        className="jp-EnvSnap-what"
        aria-expanded={unfolded}
        onClick={props.onFold}
        onKeyDown={event => {
          if (event.key === ' ') {
            event.preventDefault();
            props.onPick();
          }
        }}
      >
        <span>
          <Title {...props} />
        </span>
        <span>{secondLine(props)}</span>
      </button>
      <span className="jp-EnvSnap-when">
        <time dateTime={snapshot.taken_at} title={moment(at)}>
          {clock(at)}
        </time>
        <input
          type="checkbox"
          className="jp-EnvSnap-pick"
          tabIndex={-1}
          aria-label={trans.__('Select %1 for comparing', clock(at))}
          checked={props.picked}
          onChange={props.onPick}
        />
      </span>
      {unfolded && (
        <div className="jp-EnvSnap-actions">
          {actionsOf(props).map(({ words, onClick }) => (
            <button
              key={words}
              type="button"
              className="jp-EnvSnap-link"
              onClick={onClick}
            >
              {words}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

function actionsOf(props: IEntryProps): readonly IAction[] {
  const { trans, snapshot, older, onRun } = props;
  const args = { snapshot: snapshot.id };
  const all: (IAction | null)[] = [
    {
      words: trans.__('Open'),
      onClick: () => {
        props.onOpen(snapshot);
      }
    },
    props.hasKernel || older
      ? {
          words: trans.__('Compare'),
          onClick: () => {
            if (props.hasKernel) {
              props.onCompare(snapshot, null);
            } else if (older) {
              props.onCompare(older, snapshot);
            }
          }
        }
      : null,
    {
      words: trans.__('Copy'),
      onClick: () => {
        props.onCopy(snapshot);
      }
    },
    props.mayWrite
      ? actionWith(onRun, trans.__('Restore…'), CommandIDs.restoreSnapshot, args)
      : null,
    props.mayWrite
      ? actionWith(onRun, trans.__('Delete…'), CommandIDs.deleteSnapshot, args)
      : null
  ];
  return all.filter(action => action !== null);
}

function actionWith(
  onRun: Run,
  words: string,
  id: CommandID,
  args: ICommandArgs
): IAction {
  return {
    words,
    onClick: () => {
      onRun(id, args);
    }
  };
}

function Title({ trans, snapshot, older }: IEntryProps): React.JSX.Element {
  if (snapshot.note && snapshot.reason !== 'saved') {
    return <>{snapshot.note}</>;
  }
  if (older?.digest === snapshot.digest) {
    return <span className="jp-EnvSnap-quiet">{trans.__('Nothing changed')}</span>;
  }
  const count = snapshot.conda_count + snapshot.pypi_count;
  return <>{trans._n('%2, %1 package', '%2, %1 packages', count, snapshot.name)}</>;
}

function secondLine({ trans, snapshot, ofOne }: IEntryProps): string {
  const words =
    snapshot.reason === 'saved' && snapshot.note
      ? // The note of a save is its file and commit.
        trans.__('Saved to %1', PathExt.basename(snapshot.note))
      : reasonWords(trans, snapshot.reason);
  return ofOne || !snapshot.notebook ? words : `${words} · ${snapshot.notebook}`;
}
