import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';
import { sideWords, type ISideWords } from '../changewords';
import { sideOf, sideOfSnapshot, type ISide } from '../comparing';
import type { HistoryState } from '../history';
import { REASON_ICONS } from '../reasons';
import type { IconName } from '../drawings';
import { Icon } from './Icon';
import { Popover } from './Popover';

/** So many snapshots stand in the list; the history has them all. */
const LISTED = 8;

export interface ISidePickerProps {
  trans: TranslationBundle;
  /** "Before" or "After". */
  label: string;
  side: ISide | null;
  /** Id of the kernel in front. */
  kernelId: string | null;
  /** Server path of the file that describes its environment. */
  file: string | null;
  history: HistoryState;
  now: Date;
  onChoose: (side: ISide) => void;
  /** The snapshots are about to be seen. */
  onOpen: () => void;
  onHistory: () => void;
}

/** One side of a comparison, and the choice of it: the kernel, a file, a revision, a snapshot. */
export function SidePicker(props: ISidePickerProps): React.JSX.Element {
  const { trans, label, side, now } = props;
  const { name, hint } = side
    ? sideWords(trans, side, now)
    : { name: trans.__('Nothing yet'), hint: '' };
  const words = hint
    ? trans.__('%1: %2, %3', label, name, hint)
    : trans.__('%1: %2', label, name);
  return (
    <Popover
      below
      buttonClass="jp-EnvSnap-picker"
      label={words}
      title={words}
      button={
        <>
          <span>{label}</span>
          <span>
            {name} {hint && <span className="jp-EnvSnap-quiet">{hint}</span>}
          </span>
          <Icon name="down" />
        </>
      }
    >
      {fold => <Choices {...props} fold={fold} />}
    </Popover>
  );
}

interface IOption {
  readonly side: ISide;
  readonly icon: IconName;
  readonly words: ISideWords;
}

function Choices(props: ISidePickerProps & { fold: () => void }): React.JSX.Element {
  const { trans, side, history, fold } = props;
  const [words, setWords] = useState('');
  const { onOpen } = props;
  React.useEffect(onOpen, [onOpen]);
  const typed = words.trim();
  const groups = typed === '' ? listed(props) : [...found(props, typed)];
  return (
    <>
      <div className="jp-EnvSnap-pickerSearch">
        <label className="jp-EnvSnap-search">
          <Icon name="search" />
          <input
            type="search"
            aria-label={trans.__('Find a snapshot, file or branch')}
            placeholder={trans.__('Find a snapshot, file or branch')}
            value={words}
            onChange={event => {
              setWords(event.target.value);
            }}
          />
        </label>
      </div>
      {groups.map(
        ({ heading, options }) =>
          options.length > 0 && (
            <div key={heading} role="group" aria-label={heading}>
              <h3 aria-hidden>{heading}</h3>
              {options.map(option => (
                <button
                  key={option.side.reference}
                  type="button"
                  className="jp-EnvSnap-item"
                  aria-pressed={option.side.reference === side?.reference}
                  onClick={() => {
                    fold();
                    props.onChoose(option.side);
                  }}
                >
                  <Icon
                    name={
                      option.side.reference === side?.reference ? 'check' : option.icon
                    }
                  />
                  <span>
                    {option.words.name}
                    {option.words.hint && <small>{option.words.hint}</small>}
                  </span>
                </button>
              ))}
            </div>
          )
      )}
      {typed === '' && history.kind === 'ready' && history.snapshots.length > 0 && (
        <button
          type="button"
          className="jp-EnvSnap-item"
          onClick={() => {
            fold();
            props.onHistory();
          }}
        >
          <Icon name="list" />
          <span>{trans.__('All snapshots…')}</span>
        </button>
      )}
    </>
  );
}

interface IGroup {
  readonly heading: string;
  readonly options: readonly IOption[];
}

function listed(props: ISidePickerProps): readonly IGroup[] {
  const { trans, kernelId, file, now } = props;
  const option = (reference: string, icon: IconName): IOption => {
    const side = sideOf(reference);
    return { side, icon, words: sideWords(trans, side, now) };
  };
  return [
    {
      heading: trans.__('Now'),
      options: kernelId === null ? [] : [option(`kernel:${kernelId}`, 'idle')]
    },
    {
      heading: trans.__('Files'),
      options:
        file === null
          ? []
          : [option(`file:${file}`, 'file'), option(`rev:HEAD:${file}`, 'branch')]
    },
    { heading: trans.__('Snapshots'), options: snapshots(props, '').slice(0, LISTED) }
  ];
}

/** What was typed: part of a snapshot's words, a file, or a revision of the file. */
function found(props: ISidePickerProps, typed: string): readonly IGroup[] {
  const { trans, file } = props;
  const files: IOption[] = [
    {
      side: sideOf(`file:${typed}`),
      icon: 'file',
      words: { name: typed, hint: trans.__('a file on this server') }
    }
  ];
  if (file !== null) {
    const side = sideOf(`rev:${typed}:${file}`);
    const { name } = sideWords(trans, side, props.now);
    const hint = trans.__('a branch, tag or commit');
    files.push({ side, icon: 'branch', words: { name, hint } });
  }
  return [
    { heading: trans.__('Snapshots'), options: snapshots(props, typed).slice(0, LISTED) },
    { heading: trans.__('Files'), options: files }
  ];
}

function snapshots(
  { trans, history, now }: ISidePickerProps,
  typed: string
): readonly IOption[] {
  if (history.kind !== 'ready') {
    return [];
  }
  const wanted = typed.toLowerCase();
  return history.snapshots
    .map(snapshot => {
      const side = sideOfSnapshot(snapshot);
      const words = sideWords(trans, side, now);
      return { side, icon: REASON_ICONS[snapshot.reason], words };
    })
    .filter(({ words: { name, hint } }) =>
      `${name} ${hint}`.toLowerCase().includes(wanted)
    );
}
