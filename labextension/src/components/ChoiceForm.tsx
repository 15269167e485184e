import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';
import type { ChoosingState, IChoice } from '../choosing';
import { chooseProblemWords, howWords, kindWord } from '../words';
import { groupsOf, rowsOf, target, type GroupKind, type IRow } from './choicerows';
import { Icon } from './Icon';

/** More than these want a search field. */
const FEW = 8;

export interface IChoiceFormProps {
  trans: TranslationBundle;
  state: ChoosingState;
  /** The notebook or console whose kernel it is. */
  title: string;
  /** Null: as the server finds it by itself. */
  onChoose: (path: string | null) => void;
  onLook: () => void;
  onCancel: () => void;
}

/** Which environment is the kernel's: a list to choose from, with a search field where it is long. */
export function ChoiceForm(props: IChoiceFormProps): React.JSX.Element {
  const { trans, state } = props;
  const choice = state.kind === 'chosen' ? null : state.choice;
  return (
    <div
      className="jp-EnvSnap-form jp-EnvSnap-choice"
      tabIndex={-1}
      onFocus={event => {
        // The dialog may come after the list, and puts the focus here.
        if (event.target === event.currentTarget) {
          focusList(event.currentTarget);
        }
      }}
    >
      <p className="jp-EnvSnap-choiceHint">
        {trans.__(
          'For the kernel of %1. What is shown and saved here changes; the kernel itself does not.',
          props.title
        )}
      </p>
      {state.kind === 'failed' && (
        <div className="jp-EnvSnap-finding jp-mod-warn" role="alert">
          <Icon name="alert" tone="warn" />
          <p>{chooseProblemWords(trans, state.error)}</p>
          <div className="jp-EnvSnap-actions">
            <button type="button" className="jp-EnvSnap-link" onClick={props.onLook}>
              {trans.__('Look again')}
            </button>
          </div>
        </div>
      )}
      <div className="jp-EnvSnap-choiceBody">
        {choice && choice.options.length > 0 && <Choices {...props} choice={choice} />}
        {choice?.options.length === 0 && (
          <p className="jp-EnvSnap-choiceHint" role="status">
            {trans.__(
              'No environment was found on this computer: the server looks where its kernels start, in conda’s list and in the history.'
            )}
          </p>
        )}
      </div>
      <div className="jp-EnvSnap-dialogFoot">
        <span className="jp-EnvSnap-quiet" role="status">
          {state.kind === 'looking' && (
            <span className="jp-EnvSnap-late">
              {trans.__('Looking for environments…')}
            </span>
          )}
        </span>
        <button
          type="button"
          className="jp-EnvSnap-button"
          aria-disabled={state.kind === 'choosing'}
          onClick={() => {
            if (state.kind !== 'choosing') {
              props.onCancel();
            }
          }}
        >
          {trans.__('Cancel')}
        </button>
      </div>
    </div>
  );
}

/** Where the keys are heard: the search field, or the list itself. */
function focusList(form: HTMLElement): void {
  form.querySelector<HTMLElement>('[role="combobox"], [role="listbox"]')?.focus();
}

function Choices(props: IChoiceFormProps & { choice: IChoice }): React.JSX.Element {
  const { trans, state, choice } = props;
  const id = useId();
  const [words, setWords] = useState('');
  const [current, setCurrent] = useState<string | null | undefined>(undefined);
  const list = useRef<HTMLDivElement>(null);

  const searches = choice.options.length > FEW;
  const rows = rowsOf(choice, searches ? words : '');
  const found = rows.findIndex(row => row.path === current);
  const start = rows.findIndex(row => row.option?.shown);
  const at = found >= 0 ? found : Math.max(start, 0);
  const active = rows.length > 0 ? `${id}-${at}` : undefined;
  const groups = groupsOf(rows);

  useEffect(() => {
    // It may come after the dialog; whoever went elsewhere meanwhile stays there.
    const form = list.current?.closest<HTMLElement>('.jp-EnvSnap-choice');
    if (form && document.activeElement === form) {
      focusList(form);
    }
  }, []);

  useEffect(() => {
    // (Absent in some test environments.)
    const row = list.current?.querySelector('.jp-mod-active');
    if (typeof row?.scrollIntoView === 'function') {
      row.scrollIntoView({ block: 'nearest' });
    }
  }, [active]);

  const go = (to: number): void => {
    setCurrent(rows[(to + rows.length) % rows.length]?.path);
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const to = target(event, at, rows, searches);
    if (event.key === 'Enter' && rows[at]) {
      event.preventDefault();
      props.onChoose(rows[at].path);
    } else if (to !== null) {
      event.preventDefault();
      go(to);
    }
  };

  const attributes = {
    'aria-activedescendant': active,
    onKeyDown
  };
  return (
    <>
      {searches && (
        <label className="jp-EnvSnap-search">
          <Icon name="search" />
          <input
            type="search"
            role="combobox"
            aria-label={trans.__('Find an environment')}
            aria-expanded
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            placeholder={trans.__('Find an environment')}
            value={words}
            onChange={event => {
              setWords(event.target.value);
              setCurrent(undefined);
            }}
            {...attributes}
          />
          {words.trim() !== '' && (
            <i role="status">
              {rows.length
                ? trans._n('%1 found', '%1 found', rows.length)
                : trans.__('None')}
            </i>
          )}
        </label>
      )}
      <div
        ref={list}
        id={`${id}-list`}
        className="jp-EnvSnap-options"
        role="listbox"
        tabIndex={searches ? -1 : 0}
        aria-label={trans.__('Environments')}
        aria-busy={state.kind === 'choosing'}
        {...(searches ? {} : attributes)}
      >
        {groups.map(group => (
          <div key={group.kind} role="group" aria-labelledby={`${id}-${group.kind}`}>
            <h4 id={`${id}-${group.kind}`} role="presentation">
              {groupWords(trans, group.kind)}
            </h4>
            {group.rows.map(({ row, index }) => (
              // The keys are the list's.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={row.path ?? ''}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={row.option?.shown ?? false}
                className={
                  index === at ? 'jp-EnvSnap-item jp-mod-active' : 'jp-EnvSnap-item'
                }
                onClick={() => {
                  setCurrent(row.path);
                  props.onChoose(row.path);
                }}
              >
                <Row trans={trans} row={row} />
              </div>
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

function Row({ trans, row }: { trans: TranslationBundle; row: IRow }): React.JSX.Element {
  const { option } = row;
  if (!option) {
    return (
      <>
        <Icon name="undo" />
        <span>{trans.__('Use the one found automatically')}</span>
      </>
    );
  }
  const { known, shown, how } = option;
  const kernels = known.kernels ?? [];
  return (
    <>
      {shown ? <Icon name="check" label={trans.__('Shown now')} /> : <span />}
      <span>
        {known.name}
        <small className="jp-EnvSnap-code">{known.prefix.path}</small>
        {how !== null && <small>{howWords(trans, how).long}</small>}
        {kernels.length > 0 && (
          <small>{trans.__('Kernels: %1', kernels.join(', '))}</small>
        )}
      </span>
      <span className="jp-EnvSnap-quiet jp-EnvSnap-kind">
        {kindWord(trans, known.prefix.kind)}
      </span>
    </>
  );
}

function groupWords(trans: TranslationBundle, kind: GroupKind): string {
  const words: Record<GroupKind, string> = {
    back: trans.__('Your choice'),
    named: trans.__('Found for this kernel'),
    others: trans.__('Others on this computer')
  };
  return words[kind];
}
