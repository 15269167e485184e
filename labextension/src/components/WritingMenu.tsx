import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId } from 'react';
import type * as wire from '../wire';
import { leavesOut, type IOmission } from '../writing';
import {
  formatWords,
  omissionWords,
  profileWords,
  type IChoiceWords
} from '../writingwords';
import { Icon } from './Icon';
import { LeaveOut } from './LeaveOut';
import { Popover } from './Popover';

export interface IWritingProps {
  trans: TranslationBundle;
  /** Those to choose from; with only one there is nothing to choose. */
  formats: readonly wire.FormatEntry[];
  format: wire.FormatEntry;
  /** Name of the profile. */
  profile: string;
  groups: readonly wire.GroupEntry[];
  omission: IOmission;
  /** It is of a snapshot, of which conda can print nothing. */
  kept?: boolean;
  /** Why nothing can be chosen now. */
  whyNot?: string | null;
  onFormat?: (name: string) => void;
  onProfile: (name: string) => void;
  onOmission: (omission: IOmission) => void;
}

/** How the environment is written, and the choice of it. */
export function WritingMenu(props: IWritingProps): React.JSX.Element {
  const { trans, format, groups, omission } = props;
  const profile = format.profiles.find(({ name }) => name === props.profile);
  const words = profile ? profileWords(trans, profile).label : props.profile;
  const left = leavesOut(props.profile) ? omissionWords(trans, groups, omission) : '';
  const count = left === '' ? 0 : omission.exclude.length + omission.without.length;
  const label = left
    ? trans.__('How it is written: %1, without %2', words, left)
    : trans.__('How it is written: %1', words);
  return (
    <Popover
      below
      buttonClass="jp-EnvSnap-writing"
      label={label}
      whyNot={props.whyNot}
      title={left ? trans.__('Without %1', left) : trans.__('How it is written')}
      button={
        <>
          {props.onFormat && (
            <span className="jp-EnvSnap-wide">{`${formatWords(trans, format).label} ·`}</span>
          )}
          <span className="jp-EnvSnap-writingName">{words}</span>
          {count > 0 && <span className="jp-EnvSnap-count">{`−${count}`}</span>}
          <Icon name="down" />
        </>
      }
    >
      {fold => <Choices {...props} fold={fold} />}
    </Popover>
  );
}

function Choices(props: IWritingProps & { fold: () => void }): React.JSX.Element {
  const { trans, format, profile, kept, fold } = props;
  return (
    // The keys bubble up from the controls inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      onKeyDown={event => {
        if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) {
          event.preventDefault();
          event.stopPropagation();
          fold();
        }
      }}
    >
      <Radios
        heading={trans.__('How much it says')}
        chosen={profile}
        options={format.profiles.map(entry => ({
          name: entry.name,
          words: profileWords(trans, entry),
          whyNot:
            kept && !leavesOut(entry.name)
              ? trans.__('Not of a snapshot: conda prints what is there now.')
              : null
        }))}
        onChoose={props.onProfile}
      />
      {props.onFormat && (
        <>
          <hr />
          <Radios
            heading={trans.__('Written as')}
            chosen={format.name}
            options={props.formats.map(entry => ({
              name: entry.name,
              words: formatWords(trans, entry),
              whyNot: null
            }))}
            onChoose={props.onFormat}
          />
        </>
      )}
      <hr />
      <LeaveOut
        trans={trans}
        groups={props.groups}
        omission={props.omission}
        whyNot={leavesOut(profile) ? null : trans.__('conda leaves nothing out.')}
        onOmission={props.onOmission}
      />
    </div>
  );
}

interface IRadiosProps {
  heading: string;
  chosen: string;
  options: readonly {
    readonly name: string;
    readonly words: IChoiceWords;
    readonly whyNot: string | null;
  }[];
  onChoose: (name: string) => void;
}

function Radios({ heading, chosen, options, onChoose }: IRadiosProps) {
  const id = useId();
  return (
    <div role="radiogroup" aria-labelledby={id}>
      <h3 id={id}>{heading}</h3>
      {options.map(({ name, words, whyNot }) => {
        const hint = whyNot ?? words.hint;
        return (
          <label key={name} className="jp-EnvSnap-item jp-EnvSnap-rowFocus">
            <input
              type="radio"
              name={id}
              aria-label={words.label}
              aria-describedby={hint ? `${id}-${name}` : undefined}
              checked={name === chosen}
              disabled={whyNot !== null}
              onChange={() => {
                onChoose(name);
              }}
            />
            {name === chosen ? <Icon name="check" /> : <i />}
            <span>
              {words.label}
              {hint && <small id={`${id}-${name}`}>{hint}</small>}
            </span>
          </label>
        );
      })}
    </div>
  );
}
