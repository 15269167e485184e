import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useMemo, useState } from 'react';
import type { Asking } from '../asking';
import type { HistoryState, IPast } from '../history';
import type { AskObstacle, IReading, State } from '../model';
import type { Tab } from '../page';
import { clock, whenWords } from '../time';
import { CommandIDs } from '../tokens';
import type * as wire from '../wire';
import { lineOf } from '../yaml';
import type { Run } from './actions';
import { Banner } from './Banner';
import { Findings } from './Findings';
import { Found } from './Found';
import { Header } from './Header';
import { HistoryView } from './HistoryView';
import type { IMark } from './Line';
import { AskNotice, Notice, whyNotChoose } from './Notices';
import { StatePage } from './StatePage';
import { TAB_PANEL_ID, Tabs, tabId } from './Tabs';
import { TextView, type IReveal } from './TextView';
import { Toolbar } from './Toolbar';

export interface IPanelProps {
  trans: TranslationBundle;
  state: State;
  tab: Tab;
  past: IPast | null;
  history: HistoryState;
  /** Why a snapshot could not be opened. */
  problem: unknown;
  mayWrite: boolean;
  asking: Asking;
  askObstacle: AskObstacle | null;
  /** A snapshot is being taken. */
  busy: boolean;
  filename: string;
  profile: string | null;
  now: Date;
  onRun: Run;
  onTab: (tab: Tab) => void;
  onMore: (anchor: HTMLElement) => void;
  onCopy: (text: string) => void;
  onOpen: (snapshot: wire.Snapshot) => void;
  onCopySnapshot: (snapshot: wire.Snapshot) => void;
  onMoreHistory: () => void;
  onRetryHistory: () => void;
  onBackToNow: () => void;
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
        <PastText {...props} past={props.past} />
      </>
    );
  }
  if (props.tab === 'history') {
    return (
      <>
        <Tabs trans={props.trans} tab={props.tab} onTab={props.onTab} />
        <TabPanel tab="history">
          <HistoryPart {...props} />
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
  const whyNot = props.mayWrite
    ? null
    : trans.__(
        'You may look here but not save. Ask the server’s operator for write access.'
      );
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
      <Notice {...props} />
      {props.asking.kind === 'failed' && <AskNotice {...props} />}
      <Toolbar
        trans={trans}
        maySnapshot={lives && props.mayWrite}
        maySave={lives && props.mayWrite}
        whyNot={whyNot}
        busy={props.busy}
        onRun={onRun}
        onMore={props.onMore}
      />
      <Tabs trans={trans} tab={tab} onTab={props.onTab} />
      <TabPanel tab={tab}>
        {tab === 'history' ? (
          <HistoryPart {...props} />
        ) : past ? (
          <>
            <PastBanner {...props} past={past} />
            <PastText {...props} past={past} />
          </>
        ) : (
          <Now {...props} />
        )}
      </TabPanel>
    </>
  );
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

function Now(props: IPanelProps & { reading: IReading }): React.JSX.Element {
  const { trans, reading, onRun } = props;
  const [reveal, setReveal] = useState<IReveal | null>(null);
  const { text, environment } = reading;
  const lines = useMemo(() => linesOf(text), [text]);
  const findings = [...(reading.kernel.findings ?? []), ...(environment.findings ?? [])];
  const marks = useMemo(
    () => onlyHere(lines, environment.findings ?? [], trans.__('only on this machine')),
    [lines, environment, trans]
  );
  return (
    <>
      <Findings
        trans={trans}
        findings={findings}
        lineOf={finding => lineOfFinding(lines, finding)}
        onShowLine={line => {
          setReveal({ line });
        }}
        onCopyPath={path => {
          const folder = reading.kernel.prefix?.path;
          props.onCopy(folder === undefined ? path : `${folder}/${path}`);
        }}
        onReadAgain={() => {
          onRun(CommandIDs.refresh);
        }}
        onChoose={() => {
          onRun(CommandIDs.chooseEnvironment);
        }}
      />
      <TextView
        trans={trans}
        lines={lines}
        filename={props.filename}
        profile={props.profile}
        marks={marks}
        reveal={reveal}
        dated={trans.__('Read at %1', clock(reading.readAt))}
      />
    </>
  );
}

function PastBanner({ trans, past, now, onBackToNow }: IPanelProps & { past: IPast }) {
  return (
    <Banner
      icon="undo"
      tone="quiet"
      title={trans.__('Snapshot of %1', whenWords(new Date(past.snapshot.taken_at), now))}
      actions={[{ words: trans.__('Back to now'), onClick: onBackToNow }]}
    />
  );
}

const NO_MARKS: ReadonlyMap<number, IMark> = new Map();

function PastText(props: IPanelProps & { past: IPast }): React.JSX.Element {
  const { trans, past, now } = props;
  const lines = useMemo(() => linesOf(past.text), [past.text]);
  return (
    <TextView
      trans={trans}
      lines={lines}
      filename={props.filename}
      profile={props.profile}
      marks={NO_MARKS}
      reveal={null}
      dated={trans.__('Kept at %1', whenWords(new Date(past.snapshot.taken_at), now))}
    />
  );
}

function HistoryPart(props: IPanelProps): React.JSX.Element {
  return (
    <HistoryView
      trans={props.trans}
      state={props.history}
      ofOne={props.state.kind !== 'no-kernel'}
      now={props.now}
      problem={props.problem}
      onOpen={props.onOpen}
      onCopy={props.onCopySnapshot}
      onMore={props.onMoreHistory}
      onRetry={props.onRetryHistory}
    />
  );
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

function lineOfFinding(lines: readonly string[], finding: wire.Finding): number | null {
  return finding.package ? lineOf(lines, finding.package) : null;
}

const LOCAL: readonly string[] = ['editable-install', 'local-source'];

/** The lines that name something which lies only on this machine. */
function onlyHere(
  lines: readonly string[],
  findings: readonly wire.Finding[],
  note: string
): ReadonlyMap<number, IMark> {
  const marks = new Map<number, IMark>();
  for (const finding of findings) {
    const line = LOCAL.includes(finding.code) ? lineOfFinding(lines, finding) : null;
    if (line !== null) {
      marks.set(line, { note });
    }
  }
  return marks;
}
