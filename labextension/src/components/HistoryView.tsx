import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';
import type { HistoryState, IHistoryFilter, Scope } from '../history';
import type * as wire from '../wire';
import { problemWords } from '../words';
import type { Run } from './actions';
import { FindingSign, FindingWords } from './FindingWords';
import { HistoryFilter } from './HistoryFilter';
import { HistoryFoot } from './HistoryFoot';
import { HistoryList } from './HistoryList';
import { Icon } from './Icon';

export interface IHistoryViewProps {
  trans: TranslationBundle;
  state: HistoryState;
  /** Whose snapshots can be listed. */
  scopes: readonly Scope[];
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
  onMore: () => void;
  onRetry: () => void;
}

export type ReadyHistory = Extract<HistoryState, { kind: 'ready' }>;

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
      return <Ready {...props} state={state} />;
  }
}

function Ready(props: IHistoryViewProps & { state: ReadyHistory }): React.JSX.Element {
  const { trans, state } = props;
  const [picked, setPicked] = useState<readonly wire.Snapshot[]>([]);
  const pick = (snapshot: wire.Snapshot): void => {
    const others = picked.filter(({ id }) => id !== snapshot.id);
    // The third takes the place of the one that was picked first.
    setPicked(others.length < picked.length ? others : [...picked.slice(-1), snapshot]);
  };
  return (
    <>
      {state.findings.map(finding => (
        <div key={finding.message} className="jp-EnvSnap-finding">
          <FindingSign trans={trans} finding={finding} />
          <FindingWords finding={finding} />
        </div>
      ))}
      <HistoryFilter {...props} />
      {props.problem !== null && (
        <div className="jp-EnvSnap-banner jp-mod-bad" role="alert">
          <Icon name="alert" tone="bad" />
          <p>{problemWords(trans, props.problem)}</p>
        </div>
      )}
      {state.snapshots.length > 0 ? (
        <HistoryList {...props} picked={picked} onPick={pick} />
      ) : (
        <NothingKept {...props} />
      )}
      <HistoryFoot
        {...props}
        picked={picked}
        onClear={() => {
          setPicked([]);
        }}
      />
    </>
  );
}

function NothingKept(props: IHistoryViewProps): React.JSX.Element {
  const { trans, filter, scopes } = props;
  if (filter.package !== '' || filter.hidden.length > 0) {
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
          {filter.scope === 'notebook' && scopes.includes('notebook')
            ? trans.__(
                'Snapshot keeps what this notebook’s kernel runs in, as it is now.'
              )
            : trans.__('Snapshots of your notebooks are listed here.')}
        </p>
      </div>
    </div>
  );
}
