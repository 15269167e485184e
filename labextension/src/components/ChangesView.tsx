import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useCallback, useMemo, useState } from 'react';
import {
  changesOf,
  countsOf,
  filtered,
  signOfFact,
  type IChange,
  type IChanges,
  type Sign
} from '../changes';
import { factWords } from '../changewords';
import type { IComparing } from '../comparing';
import { findingsOf } from '../state';
import { CommandIDs } from '../tokens';
import type * as wire from '../wire';
import { problemWords } from '../words';
import { ChangeRow, RowFrame, SIGNS } from './ChangeRow';
import { Chunks } from './Chunks';
import { Icon } from './Icon';
import type { IPanelProps } from './PanelView';
import { SidePicker } from './SidePicker';
import { Versions } from './Versions';

/** What changed between two environments. */
export function ChangesView(props: IPanelProps): React.JSX.Element {
  const { trans, comparing } = props;
  const { result } = comparing;
  const diff = 'diff' in result ? result.diff : null;
  const changes = useMemo(() => (diff ? changesOf(diff.changes) : null), [diff]);
  return (
    <>
      <Sides {...props} />
      {result.kind === 'nothing' && (
        <Told
          title={trans.__('Nothing to compare with yet')}
          sentence={trans.__(
            'Save this environment to the repository or take a snapshot: what changes after that is shown here.'
          )}
        />
      )}
      {result.kind === 'failed' && (
        <Told
          bad
          title={trans.__('These cannot be compared')}
          sentence={problemWords(trans, result.error)}
          action={{ words: trans.__('Try again'), onClick: props.onCompareAgain }}
        />
      )}
      {result.kind === 'reading' && !changes && (
        <div className="jp-EnvSnap-list" aria-busy="true" />
      )}
      {changes && <List key={keyOf(comparing)} {...props} changes={changes} />}
    </>
  );
}

function keyOf({ before, after }: IComparing): string {
  return `${before?.reference ?? ''} ${after?.reference ?? ''}`;
}

function Sides(props: IPanelProps): React.JSX.Element {
  const { trans, comparing, onCompare } = props;
  const { before, after } = comparing;
  const shared = {
    trans,
    kernelId: 'subject' in props.state ? props.state.subject.kernelId : null,
    file: comparing.file,
    history: props.history,
    now: props.now,
    onOpen: props.onSnapshots,
    onHistory: () => {
      props.onTab('history');
    }
  };
  const swap = trans.__('Swap before and after');
  return (
    <div className="jp-EnvSnap-pickers">
      <SidePicker
        {...shared}
        label={trans.__('Before')}
        side={before}
        onChoose={side => {
          onCompare(side, after);
        }}
      />
      <button
        type="button"
        className="jp-EnvSnap-iconButton"
        aria-label={swap}
        title={swap}
        onClick={props.onSwap}
      >
        <Icon name="swap" />
      </button>
      <SidePicker
        {...shared}
        label={trans.__('After')}
        side={after}
        onChoose={side => {
          onCompare(before, side);
        }}
      />
    </div>
  );
}

interface IToldProps {
  title: string;
  sentence: string;
  bad?: boolean;
  action?: { words: string; onClick: () => void };
}

function Told({ title, sentence, bad, action }: IToldProps): React.JSX.Element {
  return (
    <div className="jp-EnvSnap-state" role="status">
      <Icon name={bad ? 'alert' : 'compare'} tone={bad ? 'bad' : 'quiet'} />
      <div>
        <h3>{title}</h3>
        <p>{sentence}</p>
        {action && (
          <div className="jp-EnvSnap-actions">
            <button type="button" className="jp-EnvSnap-button" onClick={action.onClick}>
              {action.words}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

function List(props: IPanelProps & { changes: IChanges }): React.JSX.Element {
  const { trans, comparing, changes } = props;
  const [words, setWords] = useState('');
  const some = useMemo(() => filtered(changes, words), [changes, words]);
  const late = useLate(props);
  const { onRun } = props;
  const onRestart = useCallback(() => {
    onRun(CommandIDs.restartKernel);
  }, [onRun]);
  const row = (change: IChange): React.JSX.Element => (
    <ChangeRow
      key={change.name}
      trans={trans}
      change={change}
      late={late.has(change.name)}
      onRestart={onRestart}
    />
  );
  if (count(changes) === 0) {
    return (
      <Told
        title={trans.__('Nothing changed')}
        sentence={trans.__('Both have the same packages in the same versions.')}
      />
    );
  }
  return (
    <>
      <Counts trans={trans} changes={changes} words={words} onWords={setWords} />
      {/* It scrolls: without a mouse by the arrows, so it can have the focus. */}
      <div
        className="jp-EnvSnap-list"
        role="region"
        aria-label={trans.__('Changes')}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {count(some) === 0 && (
          <p className="jp-EnvSnap-none" role="status">
            {trans.__('No change of a package with this name.')}
          </p>
        )}
        {some.asked.length > 0 && (
          <>
            <h3>
              {trans.__('You asked for')} <small>{some.asked.length}</small>
            </h3>
            <Rows label={trans.__('You asked for')} asked>
              <Chunks items={some.asked} nameOf={nameOf} row={row} />
            </Rows>
          </>
        )}
        <Folded
          key={words === '' ? 'all' : 'some'}
          words={trans.__('Pulled in by them')}
          count={some.pulled.length}
          open={some.asked.length === 0 || words !== ''}
        >
          {() => (
            <Rows label={trans.__('Pulled in by them')}>
              <Chunks items={some.pulled} nameOf={nameOf} row={row} />
            </Rows>
          )}
        </Folded>
        <Folded
          words={trans.__('Settings of the environment')}
          count={some.settings.length}
          open
        >
          {() => (
            <Rows label={trans.__('Settings of the environment')}>
              {some.settings.map(fact => (
                <FactRow key={fact.name} trans={trans} fact={fact} />
              ))}
            </Rows>
          )}
        </Folded>
      </div>
      <div className="jp-EnvSnap-bottom jp-mod-end">
        <button
          type="button"
          className="jp-EnvSnap-button"
          aria-label={trans.__('Copy as Markdown')}
          onClick={() => {
            props.onRun(CommandIDs.copyChanges);
          }}
        >
          <Icon name="copy" />
          <span className="jp-EnvSnap-long">{trans.__('Copy as Markdown')}</span>
          <span className="jp-EnvSnap-short">{trans.__('Copy')}</span>
        </button>
        {comparing.own && comparing.file !== null && (
          <button
            type="button"
            className="jp-EnvSnap-button"
            aria-disabled={!props.mayWrite || props.state.kind !== 'ready'}
            onClick={() => {
              if (props.mayWrite && props.state.kind === 'ready') {
                props.onRun(CommandIDs.save);
              }
            }}
          >
            <Icon name="file" />
            {trans.__('Update file…')}
          </button>
        )}
      </div>
    </>
  );
}

function nameOf({ name }: IChange): string {
  return name;
}

function count({ asked, pulled, settings }: IChanges): number {
  return asked.length + pulled.length + settings.length;
}

/** The packages that changed under a kernel which had loaded them, where it is what is compared. */
function useLate({ state, comparing }: IPanelProps): ReadonlySet<string> {
  const reading = 'reading' in state ? state.reading : null;
  const lives = comparing.after?.reference.startsWith('kernel:') ?? false;
  return useMemo(() => {
    const late = (reading && lives ? findingsOf(reading) : [])
      .filter(({ code }) => code === 'loaded-before-change')
      .map(({ package: name }) => name ?? '');
    return new Set(late);
  }, [reading, lives]);
}

interface ICountsProps {
  trans: TranslationBundle;
  changes: IChanges;
  words: string;
  onWords: (words: string) => void;
}

function Counts({ trans, changes, words, onWords }: ICountsProps): React.JSX.Element {
  const { added, removed, changed } = countsOf(changes);
  const filter = trans.__('Filter by name');
  return (
    <div className="jp-EnvSnap-counts">
      {added > 0 && (
        <Count sign="added" words={trans._n('%1 added', '%1 added', added)} />
      )}
      {removed > 0 && (
        <Count sign="removed" words={trans._n('%1 removed', '%1 removed', removed)} />
      )}
      {changed > 0 && (
        <Count sign="changed" words={trans._n('%1 changed', '%1 changed', changed)} />
      )}
      <label className="jp-EnvSnap-search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={filter}
          placeholder={filter}
          value={words}
          onChange={event => {
            onWords(event.target.value);
          }}
          onKeyDown={event => {
            if (event.key === 'Escape' && words) {
              event.preventDefault();
              event.stopPropagation();
              onWords('');
            }
          }}
        />
      </label>
    </div>
  );
}

function Count({ sign, words }: { sign: Sign; words: string }): React.JSX.Element {
  const [text, tone] = SIGNS[sign];
  return (
    <span>
      <span className={`jp-EnvSnap-sign ${tone}`} aria-hidden>
        {text}
      </span>
      {words}
    </span>
  );
}

interface IRowsProps {
  label: string;
  asked?: boolean;
  children: React.ReactNode;
}

function Rows({ label, asked, children }: IRowsProps): React.JSX.Element {
  return (
    <div role="table" className={asked ? 'jp-mod-asked' : ''} aria-label={label}>
      {children}
    </div>
  );
}

interface IFoldedProps {
  words: string;
  count: number;
  open: boolean;
  children: () => React.ReactNode;
}

function Folded({ words, count: many, open: first, children }: IFoldedProps) {
  const [open, setOpen] = useState(first);
  if (many === 0) {
    return null;
  }
  return (
    <details
      open={open}
      onToggle={event => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary className="jp-EnvSnap-rowFocus">
        <Icon name="right" tone="turn" />
        {words} <small>{many}</small>
      </summary>
      {open && children()}
    </details>
  );
}

function FactRow({ trans, fact }: { trans: TranslationBundle; fact: wire.FactChange }) {
  return (
    <RowFrame
      trans={trans}
      sign={signOfFact(fact)}
      name={factWords(trans, fact.name)}
      versions={<Versions before={fact.before} after={fact.after} />}
    />
  );
}
