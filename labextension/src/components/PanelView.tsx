import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { Asking } from '../asking';
import type { IComparing, ISide } from '../comparing';
import type { HistoryState, IHistoryFilter, IPast, Scope } from '../history';
import type { AskObstacle, IReading, State } from '../state';
import type { Tab } from '../page';
import type * as wire from '../wire';
import type { IOmission, IWritingState } from '../writing';
import type { Run } from './actions';
import { ChangesView } from './ChangesView';
import { Found } from './Found';
import { Header } from './Header';
import { HistoryView } from './HistoryView';
import { AskNotice, Notice, whyNotChoose } from './Notices';
import { NowView } from './NowView';
import { PastBanner, PastView } from './PastView';
import { StatePage } from './StatePage';
import { TAB_PANEL_ID, Tabs, tabId } from './Tabs';
import { Toolbar } from './Toolbar';

export interface IPanelProps {
  trans: TranslationBundle;
  state: State;
  tab: Tab;
  past: IPast | null;
  history: HistoryState;
  filter: IHistoryFilter;
  /** What changed to the environment in view since it was written down; null: not known. */
  since: wire.DiffReply | null;
  /** What the view of changes compares. */
  comparing: IComparing;
  /** Why a snapshot could not be opened. */
  problem: unknown;
  mayWrite: boolean;
  asking: Asking;
  askObstacle: AskObstacle | null;
  /** A snapshot is being taken. */
  busy: boolean;
  /** How the text is written; null where that is not known yet. */
  writing: IWritingState | null;
  now: Date;
  onRun: Run;
  onTab: (tab: Tab) => void;
  onMore: (anchor: HTMLElement) => void;
  onCopy: (text: string) => void;
  onOpen: (snapshot: wire.Snapshot) => void;
  onFilter: (filter: IHistoryFilter) => void;
  /** What changed from the first to the second; null: to the kernel now. */
  onCompareSnapshots: (before: wire.Snapshot, after: wire.Snapshot | null) => void;
  onMoreHistory: () => void;
  onRetryHistory: () => void;
  onCompare: (before: ISide | null, after: ISide | null) => void;
  onSwap: () => void;
  onCompareAgain: () => void;
  /** The snapshots are about to be chosen from. */
  onSnapshots: () => void;
  onBackToNow: () => void;
  onFormat: (name: string) => void;
  onProfile: (name: string) => void;
  onOmission: (omission: IOmission) => void;
  /** The answer to the question has been read. */
  onRead: () => void;
  onLeave: () => void;
}

/** The panel, whole, as a function of what the models say. Escape leaves it. */
export function PanelView(props: IPanelProps): React.JSX.Element {
  return (
    // The keys bubble up from the controls inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className="jp-EnvSnap-page"
      onKeyDown={event => {
        if (event.key === 'Escape') {
          props.onLeave();
        }
      }}
    >
      <Content {...props} />
    </div>
  );
}

function Content(props: IPanelProps): React.JSX.Element {
  const { state } = props;
  const live =
    state.kind === 'ready' || state.kind === 'dead' || state.kind === 'unreachable';
  if (live && state.reading) {
    return <Whole {...props} state={state} reading={state.reading} />;
  }
  if (props.past) {
    return (
      <>
        <PastBanner {...props} past={props.past} />
        <PastView {...props} past={props.past} />
      </>
    );
  }
  if (props.tab === 'history' || (props.tab === 'changes' && !props.comparing.own)) {
    const changes = props.comparing.own ? undefined : null;
    return (
      <>
        <Tabs trans={props.trans} tab={props.tab} changes={changes} onTab={props.onTab} />
        <TabPanel tab={props.tab}>
          {props.tab === 'history' ? (
            <HistoryPart {...props} />
          ) : (
            <ChangesView {...props} />
          )}
        </TabPanel>
      </>
    );
  }
  return (
    <>
      <AskNotice {...props} />
      <StatePage
        trans={props.trans}
        state={state}
        askObstacle={props.askObstacle}
        whyNotChoose={whyNotChoose(props)}
        onRun={props.onRun}
        onCopy={props.onCopy}
      />
    </>
  );
}

export type WholeState = Extract<State, { reading: IReading | null }>;

function Whole(props: IPanelProps & { state: WholeState; reading: IReading }) {
  const { trans, state, reading, past, tab, onRun } = props;
  const { subject } = state;
  const lives = state.kind === 'ready';
  const { whyNotSave, whyNotSnapshot } = whyNotKeep(props);
  return (
    <>
      <Header
        trans={trans}
        subject={subject}
        reading={reading}
        state={state.kind === 'unreachable' ? 'unknown' : subject.state}
        found={
          <Found
            trans={trans}
            reading={reading}
            lives={lives}
            whyNotChoose={whyNotChoose(props)}
            askObstacle={props.askObstacle}
            onRun={onRun}
            onCopy={props.onCopy}
          />
        }
      />
      <div
        className={
          state.kind === 'ready' && (state.refreshing || props.asking.kind === 'asking')
            ? 'jp-EnvSnap-progress jp-mod-on'
            : 'jp-EnvSnap-progress'
        }
      />
      <Notice {...props} whyNotSave={whyNotSave} />
      {props.asking.kind === 'failed' && <AskNotice {...props} />}
      <Toolbar
        trans={trans}
        whyNotSnapshot={whyNotSnapshot}
        whyNotSave={whyNotSave}
        busy={props.busy}
        onRun={onRun}
        onMore={props.onMore}
      />
      <Tabs trans={trans} tab={tab} changes={changeCount(state)} onTab={props.onTab} />
      <TabPanel tab={tab}>
        {tab === 'history' ? (
          <HistoryPart {...props} />
        ) : tab === 'changes' ? (
          <ChangesView {...props} />
        ) : past ? (
          <>
            <PastBanner {...props} past={past} />
            <PastView {...props} past={past} />
          </>
        ) : (
          <NowView {...props} />
        )}
      </TabPanel>
    </>
  );
}

/** Why the environment cannot be kept, and why it cannot be saved; null: it can. */
function whyNotKeep(props: IPanelProps & { state: WholeState; reading: IReading }) {
  const { trans, state, reading, mayWrite } = props;
  const { changing } = reading.kernel;
  const whyNotSave =
    state.kind === 'dead'
      ? trans.__('The kernel does not run any more.')
      : state.kind === 'unreachable'
        ? trans.__('The server does not answer.')
        : mayWrite
          ? null
          : trans.__(
              'You may look here but not save. Ask the server’s operator for write access.'
            );
  const waits = changing
    ? trans.__('%1 is at work. A snapshot can be taken when it has ended.', changing)
    : null;
  return { whyNotSave, whyNotSnapshot: whyNotSave ?? waits };
}

/** What a person asked for, and only if that is nothing what came with it. */
function changeCount(state: State): number | null {
  const standing = state.kind === 'ready' ? state.standing : null;
  return standing && 'requested' in standing
    ? standing.requested || standing.indirect
    : null;
}

function TabPanel({ tab, children }: { tab: Tab; children: React.ReactNode }) {
  return (
    <div
      className="jp-EnvSnap-view"
      role="tabpanel"
      id={TAB_PANEL_ID}
      aria-labelledby={tabId(tab)}
    >
      {children}
    </div>
  );
}

function scopesOf(state: State): readonly Scope[] {
  if (state.kind === 'no-kernel') {
    return ['all'];
  }
  const known = 'reading' in state && state.reading?.kernel.prefix;
  return known ? ['notebook', 'environment', 'all'] : ['notebook', 'all'];
}

function HistoryPart(props: IPanelProps): React.JSX.Element {
  return (
    <HistoryView
      trans={props.trans}
      state={props.history}
      filter={props.filter}
      mayWrite={props.mayWrite}
      scopes={scopesOf(props.state)}
      hasKernel={props.state.kind !== 'no-kernel'}
      now={props.now}
      problem={props.problem}
      onOpen={props.onOpen}
      onRun={props.onRun}
      onFilter={props.onFilter}
      onCompare={props.onCompareSnapshots}
      onMore={props.onMoreHistory}
      onRetry={props.onRetryHistory}
    />
  );
}
