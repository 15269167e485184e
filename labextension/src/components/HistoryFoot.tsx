import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { dateWords } from '../time';
import type * as wire from '../wire';
import { problemWords } from '../words';
import type { IHistoryViewProps, ReadyHistory } from './HistoryView';
import { Icon } from './Icon';

interface IHistoryFootProps extends IHistoryViewProps {
  state: ReadyHistory;
  /** For comparing. */
  picked: readonly wire.Snapshot[];
  onClear: () => void;
}

/** How much is kept; while some are picked, what to do with them. */
export function HistoryFoot(props: IHistoryFootProps): React.JSX.Element {
  const { trans, state, picked, now } = props;
  if (picked.length > 0) {
    return <Picked {...props} />;
  }
  return (
    <div className="jp-EnvSnap-foot">
      {state.problem === null ? (
        <>
          <span>{keptWords(trans, state.kept, now)}</span>
          <span className="jp-EnvSnap-wide">
            {trans.__('Space selects, two can be compared')}
          </span>
        </>
      ) : (
        <>
          <span role="status">{problemWords(trans, state.problem)}</span>
          <button type="button" className="jp-EnvSnap-link" onClick={props.onRetry}>
            {trans.__('Try again')}
          </button>
        </>
      )}
    </div>
  );
}

function keptWords(
  trans: TranslationBundle,
  kept: wire.Extent | null,
  now: Date
): string {
  if (!kept || kept.since === null) {
    return '';
  }
  const since = dateWords(new Date(kept.since), now);
  return trans._n('%1 kept, since %2', '%1 kept, since %2', kept.count, since);
}

/** What is picked for comparing, and what to do with it. */
function Picked(props: IHistoryFootProps): React.JSX.Element {
  const { trans, picked } = props;
  const [older, newer] = [...picked].sort((a, b) => a.taken_at.localeCompare(b.taken_at));
  return (
    <div className="jp-EnvSnap-bottom">
      <span role="status">{trans._n('%1 selected', '%1 selected', picked.length)}</span>
      <button type="button" className="jp-EnvSnap-button" onClick={props.onClear}>
        {trans.__('Clear')}
      </button>
      <button
        type="button"
        className={newer ? 'jp-EnvSnap-button jp-mod-accept' : 'jp-EnvSnap-button'}
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
