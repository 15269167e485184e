import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { momentsOf, secondLine, titleOf, type ITitle } from '../historywords';
import { REASON_ICONS } from '../reasons';
import { clock } from '../time';
import type { ITimelineRow } from '../timeline';
import type * as wire from '../wire';
import type { IAction } from './actions';
import { SIGNS } from './ChangeRow';
import { signWords } from '../changewords';
import { Icon } from './Icon';

/** What can be done with any row; it stays the same, so that rows are drawn once. */
export interface IEntryHandlers {
  readonly fold: (row: ITimelineRow) => void;
  readonly pick: (snapshot: wire.Snapshot) => void;
}

interface IEntryProps {
  trans: TranslationBundle;
  row: ITimelineRow;
  /** From the top of its day's list. */
  top: number;
  /** From 1, among so many of its day. */
  position: number;
  count: number;
  /** Not of the notebook in front alone: it says of which it is. */
  named: boolean;
  unfolded: boolean;
  /** For comparing. */
  picked: boolean;
  /** The one that Tab leads to. */
  active: boolean;
  handlers: IEntryHandlers;
  /** Once it is unfolded. */
  actions: readonly IAction[] | null;
}

/** A snapshot: what changed, why it was kept and when; unfolded what to do with it. */
export const HistoryEntry = React.memo(function HistoryEntry(props: IEntryProps) {
  const { trans, row, unfolded, picked, active, handlers, actions } = props;
  const { snapshot } = row;
  const at = clock(new Date(snapshot.taken_at));
  const title = titleOf(trans, snapshot);
  const classes = [
    'jp-EnvSnap-entry',
    unfolded || picked ? 'jp-mod-selected' : '',
    props.position === 1 ? 'jp-mod-first' : '',
    props.position === props.count ? 'jp-mod-last' : ''
  ];
  return (
    <li
      className={classes.filter(each => each).join(' ')}
      style={{ top: props.top }}
      data-snapshot={snapshot.id}
      aria-posinset={props.position}
      aria-setsize={props.count}
    >
      <span className={`jp-EnvSnap-node${toneOf(snapshot.reason)}`}>
        <Icon name={REASON_ICONS[snapshot.reason]} />
      </span>
      <button
        type="button"
        className="jp-EnvSnap-what"
        aria-expanded={unfolded}
        tabIndex={active ? 0 : -1}
        onClick={() => {
          handlers.fold(row);
        }}
        onKeyDown={event => {
          if (event.key === ' ') {
            event.preventDefault();
            handlers.pick(snapshot);
          }
        }}
      >
        <span title={title.words}>
          <Title trans={trans} title={title} />
        </span>
        <span>
          {secondLine(trans, row)}
          {props.named && snapshot.notebook ? ` · ${snapshot.notebook}` : ''}
        </span>
      </button>
      <span className="jp-EnvSnap-when">
        <time dateTime={snapshot.taken_at} title={momentsOf(trans, row)}>
          {at}
        </time>
        <input
          type="checkbox"
          className="jp-EnvSnap-pick"
          tabIndex={-1}
          aria-label={trans.__('Select %1: %2', at, title.words)}
          checked={picked}
          onChange={() => {
            handlers.pick(snapshot);
          }}
        />
      </span>
      {actions && (
        <div className="jp-EnvSnap-actions">
          {actions.map(({ words, onClick }) => (
            <button
              key={words}
              type="button"
              className="jp-EnvSnap-link"
              tabIndex={active ? 0 : -1}
              onClick={onClick}
            >
              {words}
            </button>
          ))}
        </div>
      )}
    </li>
  );
});

function Title({ trans, title }: { trans: TranslationBundle; title: ITitle }) {
  if (title.quiet) {
    return <span className="jp-EnvSnap-quiet">{title.words}</span>;
  }
  if (!title.sign) {
    return <>{title.words}</>;
  }
  const [sign, tone] = SIGNS[title.sign];
  return (
    <>
      <span
        className={`jp-EnvSnap-sign ${tone}`}
        role="img"
        aria-label={signWords(trans, title.sign)}
      >
        {sign}
      </span>
      {title.words}
    </>
  );
}

/** What a person did stands out, and so does what went wrong. */
function toneOf(reason: wire.Reason): string {
  if (reason === 'manual' || reason === 'saved') {
    return ' jp-mod-mine';
  }
  return reason === 'kernel-died' ? ' jp-mod-bad' : '';
}
