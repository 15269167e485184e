import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';
import type { HistoryState } from '../history';
import { REASON_ICONS } from '../reasons';
import { clock, dayWords, moment } from '../time';
import type * as wire from '../wire';
import { problemWords, reasonWords } from '../words';
import { FindingSign, FindingWords } from './FindingWords';
import { Icon } from './Icon';

interface IHistoryViewProps {
  trans: TranslationBundle;
  state: HistoryState;
  /** Whether it is the history of one notebook, or of all. */
  ofOne: boolean;
  now: Date;
  /** Why a snapshot could not be opened. */
  problem: unknown;
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
          {state.snapshots.length ? (
            <Entries {...props} state={state} />
          ) : (
            <NothingKept {...props} />
          )}
        </>
      );
  }
}

function NothingKept({ trans, ofOne }: IHistoryViewProps): React.JSX.Element {
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
      <div className="jp-EnvSnap-list" onScroll={onScroll}>
        {byDay(trans, snapshots, now).map(day => (
          <React.Fragment key={day.words}>
            <h3 className="jp-EnvSnap-day">{day.words}</h3>
            <ol className="jp-EnvSnap-entries" aria-label={day.words}>
              {day.entries.map(({ snapshot, older }) => (
                <Entry
                  key={snapshot.id}
                  {...props}
                  snapshot={snapshot}
                  older={older}
                  unfolded={unfolded === snapshot.id}
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
      <div className="jp-EnvSnap-foot">
        <span>
          {state.next === null
            ? trans.__('%1 kept', snapshots.length)
            : trans.__('The newest %1', snapshots.length)}
        </span>
      </div>
    </>
  );
}

interface IEntry {
  readonly snapshot: wire.Snapshot;
  /** The next older one in the list. */
  readonly older: wire.Snapshot | undefined;
}

interface IEntryProps extends IHistoryViewProps, IEntry {
  unfolded: boolean;
  onFold: () => void;
}

function Entry(props: IEntryProps): React.JSX.Element {
  const { trans, snapshot, unfolded } = props;
  const at = new Date(snapshot.taken_at);
  const mine = snapshot.reason === 'manual' || snapshot.reason === 'saved';
  const tone = mine
    ? ' jp-mod-mine'
    : snapshot.reason === 'kernel-died'
      ? ' jp-mod-bad'
      : '';
  return (
    <li className={unfolded ? 'jp-EnvSnap-entry jp-mod-selected' : 'jp-EnvSnap-entry'}>
      <span className={`jp-EnvSnap-node${tone}`}>
        <Icon name={REASON_ICONS[snapshot.reason]} />
      </span>
      <button
        type="button"
        className="jp-EnvSnap-what"
        aria-expanded={unfolded}
        onClick={props.onFold}
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
      </span>
      {unfolded && (
        <div className="jp-EnvSnap-actions">
          <button
            type="button"
            className="jp-EnvSnap-link"
            onClick={() => {
              props.onOpen(snapshot);
            }}
          >
            {trans.__('Open')}
          </button>
          <button
            type="button"
            className="jp-EnvSnap-link"
            onClick={() => {
              props.onCopy(snapshot);
            }}
          >
            {trans.__('Copy')}
          </button>
        </div>
      )}
    </li>
  );
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
