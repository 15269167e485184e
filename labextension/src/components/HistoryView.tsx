import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';
import type { HistoryState, IHistoryFilter } from '../history';
import { dayWords } from '../time';
import type * as wire from '../wire';
import { problemWords } from '../words';
import type { Run } from './actions';
import { FindingSign, FindingWords } from './FindingWords';
import { HistoryEntry, type IEntry } from './HistoryEntry';
import { HistoryFilter } from './HistoryFilter';
import { Icon } from './Icon';

export interface IHistoryViewProps {
  trans: TranslationBundle;
  state: HistoryState;
  /** Whether it is the history of one notebook, or of all. */
  ofOne: boolean;
  now: Date;
  /** Why a snapshot could not be opened. */
  problem: unknown;
  filter: IHistoryFilter;
  mayWrite: boolean;
  /** Whether there is one to compare a snapshot with. */
  hasKernel: boolean;
  onRun: Run;
  onFilter: (filter: IHistoryFilter) => void;
  onCompare: (before: wire.Snapshot, after: wire.Snapshot | null) => void;
  onOpen: (snapshot: wire.Snapshot) => void;
  onCopy: (snapshot: wire.Snapshot) => void;
  onMore: () => void;
  onRetry: () => void;
}

export function HistoryView(props: IHistoryViewProps): React.JSX.Element {
  const { trans, state } = props;
  switch (state.kind) {
    case 'unread':
    case 'reading':
      return <div className="jp-EnvSnap-list" aria-busy="true" />;
    case 'failed':
      return (
        <div className="jp-EnvSnap-state" role="status">
          <Icon name="alert" tone="bad" />
          <div>
            <h3>{trans.__('History could not be read')}</h3>
            <p>{problemWords(trans, state.error)}</p>
            <div className="jp-EnvSnap-actions">
              <button type="button" className="jp-EnvSnap-button" onClick={props.onRetry}>
                {trans.__('Try again')}
              </button>
            </div>
          </div>
        </div>
      );
    case 'ready':
      return (
        <>
          {state.findings.map(finding => (
            <div key={finding.message} className="jp-EnvSnap-finding">
              <FindingSign trans={trans} finding={finding} />
              <FindingWords finding={finding} />
            </div>
          ))}
          <HistoryFilter {...props} />
          {state.snapshots.length ? (
            <Entries {...props} state={state} />
          ) : (
            <NothingKept {...props} />
          )}
        </>
      );
  }
}

function NothingKept(props: IHistoryViewProps): React.JSX.Element {
  const { trans, ofOne, filter } = props;
  if (filter.package !== '' || filter.reason !== null) {
    return (
      <p className="jp-EnvSnap-none" role="status">
        {trans.__('No snapshot is like that.')}
      </p>
    );
  }
  return (
    <div className="jp-EnvSnap-state" role="status">
      <Icon name="list" tone="quiet" />
      <div>
        <h3>{trans.__('Nothing kept yet')}</h3>
        <p>
          {ofOne
            ? trans.__(
                'Snapshot keeps what this notebook’s kernel runs in, as it is now.'
              )
            : trans.__('Snapshots of your notebooks are listed here.')}
        </p>
      </div>
    </div>
  );
}

type ReadyState = Extract<HistoryState, { kind: 'ready' }>;

function Entries(props: IHistoryViewProps & { state: ReadyState }): React.JSX.Element {
  const { trans, state, now } = props;
  const { snapshots } = state;
  const [unfolded, setUnfolded] = useState<string | null>(null);
  const [picked, setPicked] = useState<readonly wire.Snapshot[]>([]);
  const pick = (snapshot: wire.Snapshot): void => {
    const others = picked.filter(({ id }) => id !== snapshot.id);
    // The third takes the place of the one that was picked first.
    setPicked(others.length < picked.length ? others : [...picked.slice(-1), snapshot]);
  };
  const onScroll = (event: React.UIEvent<HTMLDivElement>): void => {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
    if (scrollHeight - scrollTop - clientHeight < clientHeight) {
      props.onMore();
    }
  };
  return (
    <>
      {props.problem !== null && (
        <div className="jp-EnvSnap-banner jp-mod-bad" role="alert">
          <Icon name="alert" tone="bad" />
          <p>{problemWords(trans, props.problem)}</p>
        </div>
      )}
      <div
        className={
          picked.length > 0 ? 'jp-EnvSnap-list jp-mod-picking' : 'jp-EnvSnap-list'
        }
        onScroll={onScroll}
      >
        {byDay(trans, snapshots, now).map(day => (
          <React.Fragment key={day.words}>
            <h3 className="jp-EnvSnap-day">{day.words}</h3>
            <ol className="jp-EnvSnap-entries" aria-label={day.words}>
              {day.entries.map(({ snapshot, older }) => (
                <HistoryEntry
                  key={snapshot.id}
                  {...props}
                  snapshot={snapshot}
                  older={older}
                  unfolded={unfolded === snapshot.id}
                  picked={picked.some(({ id }) => id === snapshot.id)}
                  onPick={() => {
                    pick(snapshot);
                  }}
                  onFold={() => {
                    setUnfolded(unfolded === snapshot.id ? null : snapshot.id);
                  }}
                />
              ))}
            </ol>
          </React.Fragment>
        ))}
        {state.next !== null && (
          <button
            type="button"
            className="jp-EnvSnap-button jp-EnvSnap-moreButton"
            aria-disabled={state.reading}
            onClick={props.onMore}
          >
            {trans.__('Show more')}
          </button>
        )}
      </div>
      {picked.length > 0 ? (
        <Picked
          {...props}
          picked={picked}
          onClear={() => {
            setPicked([]);
          }}
        />
      ) : (
        <div className="jp-EnvSnap-foot">
          <span>
            {state.next === null
              ? trans.__('%1 kept', snapshots.length)
              : trans.__('The newest %1', snapshots.length)}
          </span>
        </div>
      )}
    </>
  );
}

interface IPickedProps extends IHistoryViewProps {
  picked: readonly wire.Snapshot[];
  onClear: () => void;
}

/** What is picked for comparing, and what to do with it. */
function Picked(props: IPickedProps): React.JSX.Element {
  const { trans, picked } = props;
  const [older, newer] = [...picked].sort((a, b) => a.taken_at.localeCompare(b.taken_at));
  return (
    <div className="jp-EnvSnap-bottom" role="status">
      <span>{trans._n('%1 selected', '%1 selected', picked.length)}</span>
      <button type="button" className="jp-EnvSnap-button" onClick={props.onClear}>
        {trans.__('Clear')}
      </button>
      <button
        type="button"
        className="jp-EnvSnap-button"
        aria-disabled={!newer}
        title={newer ? undefined : trans.__('Select another one to compare with')}
        onClick={() => {
          if (older && newer) {
            props.onCompare(older, newer);
          }
        }}
      >
        <Icon name="compare" />
        {trans.__('Compare')}
      </button>
    </div>
  );
}

interface IDay {
  readonly words: string;
  readonly entries: IEntry[];
}

function byDay(
  trans: TranslationBundle,
  snapshots: readonly wire.Snapshot[],
  now: Date
): readonly IDay[] {
  const days: IDay[] = [];
  snapshots.forEach((snapshot, index) => {
    const words = dayWords(trans, new Date(snapshot.taken_at), now);
    let day = days[days.length - 1];
    if (day?.words !== words) {
      day = { words, entries: [] };
      days.push(day);
    }
    day.entries.push({ snapshot, older: snapshots[index + 1] });
  });
  return days;
}
