import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId } from 'react';
import type * as wire from '../wire';
import { leavesOut } from '../writing';
import { omissionWords } from '../writingwords';
import type { ISaveFormProps } from './SaveForm';
import { ActionButton } from './ActionButton';
import { Option } from './Option';
import { WritingMenu } from './WritingMenu';

/** The format that is changed line by line. */
const UPDATED = 'environment-yaml';

type Props = ISaveFormProps & { preview: wire.SavePreview };

/** Why nothing can be chosen any more; null: it can. */
export function whyNotChoose({ trans, state }: ISaveFormProps): string | null {
  return state.kind === 'saving' ? trans.__('Saving…') : null;
}

/** Which file, and how much it says. */
export function FileField(props: ISaveFormProps): React.JSX.Element {
  const { trans, state, path, writing } = props;
  return (
    <div className="jp-EnvSnap-field">
      <label htmlFor="jp-EnvSnap-file">{trans.__('File')}</label>
      <div className="jp-EnvSnap-fileRow">
        <input
          id="jp-EnvSnap-file"
          className="jp-EnvSnap-input"
          type="text"
          spellCheck={false}
          autoComplete="off"
          readOnly={state.kind === 'saving'}
          value={path}
          onChange={event => {
            props.onPath(event.target.value);
          }}
        />
        {writing && (
          <WritingMenu
            trans={trans}
            {...writing}
            whyNot={whyNotChoose(props)}
            onFormat={props.onFormat}
            onProfile={props.onProfile}
            onOmission={props.onOmission}
          />
        )}
      </div>
    </div>
  );
}

/** What the file does without, and the way to write it as the panel shows it. */
export function LeftOut(props: Props): React.JSX.Element | null {
  const { trans, preview, writing, differsFromShown } = props;
  const left = omissionWords(trans, writing?.groups ?? [], preview);
  if (left === '' && !differsFromShown) {
    return null;
  }
  return (
    <div className="jp-EnvSnap-field jp-mod-note">
      <span />
      <p className="jp-EnvSnap-hint">
        {left !== '' && <span>{trans.__('Without %1.', left)}</span>}
        {differsFromShown && (
          <ActionButton
            className="jp-EnvSnap-link"
            words={trans.__('Write it as the panel shows it')}
            whyNot={whyNotChoose(props)}
            onClick={props.onAsShown}
          />
        )}
      </p>
    </div>
  );
}

/** Whether the file is updated or written anew, and what becomes of its loose specs. */
export function HowField(props: Props): React.JSX.Element {
  const { trans, state, preview, pins, onMode } = props;
  const id = useId();
  const updates = preview.mode === 'update';
  const locked = state.kind === 'saving';
  const undecided = state.kind === 'cannot-update';
  const whyNot = wholeWords(trans, preview);
  return (
    <div className="jp-EnvSnap-field" role="radiogroup" aria-labelledby={id}>
      <span id={id}>{trans.__('How')}</span>
      <div>
        <Option
          name={id}
          label={trans.__('Update the file')}
          hint={whyNot ?? trans.__('Keeps its comments and order.')}
          checked={updates}
          disabled={locked || undecided || whyNot !== null}
          onChoose={() => {
            onMode('update');
          }}
        />
        <Option
          name={id}
          label={trans.__('Replace the file')}
          hint={trans.__('Writes it anew.')}
          checked={!updates && !undecided}
          disabled={locked}
          onChoose={() => {
            onMode('replace');
          }}
        />
        {updates && (pins || preview.loose.length > 0) && (
          <Loose {...props} locked={locked} />
        )}
      </div>
    </div>
  );
}

/** Why a file is only written as a whole; null where it can be updated. */
function wholeWords(
  trans: TranslationBundle,
  { format, profile }: wire.SavePreview
): string | null {
  if (!leavesOut(profile)) {
    return trans.__('Not with what conda prints.');
  }
  return format === UPDATED ? null : trans.__('Only an environment.yml.');
}

function Loose(props: Props & { locked: boolean }): React.JSX.Element {
  const { trans, preview, pins, locked } = props;
  return (
    <label className="jp-EnvSnap-option">
      <input
        type="checkbox"
        checked={pins}
        disabled={locked}
        onChange={event => {
          props.onPins(event.target.checked);
        }}
      />
      <span>
        {pins ? trans.__('Pin what is loose') : looseWords(trans, preview.loose)}
      </span>
    </label>
  );
}

/** So many packages are named. */
const NAMED = 3;

function looseWords(trans: TranslationBundle, loose: readonly string[]): string {
  const names = loose.slice(0, NAMED).join(', ');
  return loose.length > NAMED
    ? trans.__('Pin what is loose: %1 and %2 more', names, loose.length - NAMED)
    : trans.__('Pin what is loose: %1', names);
}
