import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef } from 'react';
import type { SavingState } from '../saving';
import type * as wire from '../wire';
import { problemWords, profileWords } from '../words';
import { CommitField } from './CommitField';
import { DiffView } from './DiffView';
import { isWarning } from './Findings';
import { Icon } from './Icon';
import { Message } from './Message';

export interface ISaveFormProps {
  trans: TranslationBundle;
  state: SavingState;
  path: string;
  message: string;
  commit: boolean;
  canSave: boolean;
  onPath: (path: string) => void;
  onMessage: (message: string) => void;
  onCommit: (commit: boolean) => void;
  onPreview: () => void;
  onSave: () => void;
  onCancel: () => void;
}

/** The save dialog: which file, what is written, the commit. Enter saves, except in the message. */
export function SaveForm(props: ISaveFormProps): React.JSX.Element {
  const { trans, state, canSave } = props;
  const preview = state.kind === 'saved' ? null : state.preview;
  const primary = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const saving = state.kind === 'saving';

  useEffect(() => {
    // The first preview is there: Enter saves. Whoever went elsewhere meanwhile stays there.
    if (canSave && document.activeElement === form.current) {
      primary.current?.focus();
    }
  }, [canSave]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key !== 'Enter') {
      return;
    }
    const inMessage = event.target instanceof HTMLTextAreaElement;
    const onButton = event.target instanceof HTMLButtonElement;
    if (inMessage ? event.ctrlKey || event.metaKey : !onButton) {
      event.preventDefault();
      props.onSave();
    }
  };

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      ref={form}
      className="jp-EnvSnap-form"
      tabIndex={-1}
      aria-label={trans.__('Save environment to repository')}
      aria-busy={state.kind === 'previewing' || saving}
      onKeyDown={onKeyDown}
      onFocus={event => {
        if (canSave && event.target === form.current) {
          primary.current?.focus();
        }
      }}
      onSubmit={event => {
        event.preventDefault();
        props.onSave();
      }}
    >
      <div className="jp-EnvSnap-formBody">
        <FileField {...props} />
        {preview?.exists && (
          <div className="jp-EnvSnap-field">
            <span>{trans.__('How')}</span>
            <p className="jp-EnvSnap-option">
              {trans.__('Replace the file')}{' '}
              <span className="jp-EnvSnap-quiet">{trans.__('Writes it anew.')}</span>
            </p>
          </div>
        )}
        {preview && <DiffView key={preview.path} trans={trans} preview={preview} />}
        <Problem {...props} />
        {preview?.findings.filter(isWarning).map(finding => (
          <div key={JSON.stringify(finding)} className="jp-EnvSnap-finding">
            <Icon name="alert" tone="warn" />
            <p>
              <Message text={finding.message} />
            </p>
          </div>
        ))}
        {preview && <CommitField {...props} preview={preview} />}
      </div>
      <div className="jp-EnvSnap-dialogFoot">
        <span className="jp-EnvSnap-quiet" role="status">
          {saving && preview ? waitingWords(trans, preview, props.commit) : ''}
        </span>
        <button
          type="button"
          className="jp-EnvSnap-button"
          aria-disabled={saving}
          onClick={() => {
            if (!saving) {
              props.onCancel();
            }
          }}
        >
          {trans.__('Cancel')}
        </button>
        <button
          ref={primary}
          type="submit"
          className="jp-EnvSnap-button jp-mod-accept"
          // Not `disabled`: that would drop the focus out of the dialog.
          aria-disabled={!canSave}
        >
          {primaryWords(trans, saving, props.commit)}
        </button>
      </div>
    </form>
  );
}

function primaryWords(
  trans: TranslationBundle,
  saving: boolean,
  commit: boolean
): string {
  if (saving) {
    return commit ? trans.__('Committing…') : trans.__('Saving…');
  }
  return commit ? trans.__('Save and commit') : trans.__('Save');
}

function waitingWords(
  trans: TranslationBundle,
  preview: wire.SavePreview,
  commit: boolean
): string {
  const hooks = commit && (preview.repository?.hooks.length ?? 0) > 0;
  return hooks ? trans.__('Your git hooks run, too. They may take a while.') : '';
}

function FileField({ trans, state, path, onPath }: ISaveFormProps): React.JSX.Element {
  const preview = state.kind === 'saved' ? null : state.preview;
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
            onPath(event.target.value);
          }}
        />
        {preview && (
          <span className="jp-EnvSnap-profile">
            {profileWords(trans, preview.profile, preview.profile)}
          </span>
        )}
      </div>
    </div>
  );
}

/** Why it cannot be saved, or was not; what was typed stays. */
function Problem({ trans, state, onPreview }: ISaveFormProps): React.JSX.Element | null {
  if (state.kind === 'stale') {
    const name = PathExt.basename(state.preview.path);
    return (
      <div className="jp-EnvSnap-finding jp-mod-warn" role="alert">
        <Icon name="alert" tone="warn" />
        <p>
          <b>
            {state.what === 'file'
              ? trans.__('%1 was changed while you looked at it.', name)
              : trans.__('The environment was changed while you looked at it.')}
          </b>{' '}
          {trans.__('Nothing was written. Look at the new preview, then save again.')}
        </p>
        <div className="jp-EnvSnap-actions">
          <button type="button" className="jp-EnvSnap-link" onClick={onPreview}>
            {trans.__('Show new preview')}
          </button>
        </div>
      </div>
    );
  }
  if (state.kind === 'failed') {
    return (
      <div className="jp-EnvSnap-finding jp-mod-bad" role="alert">
        <Icon name="alert" tone="bad" />
        <p>
          <Message text={problemWords(trans, state.error)} />
        </p>
        <div className="jp-EnvSnap-actions">
          <button type="button" className="jp-EnvSnap-link" onClick={onPreview}>
            {trans.__('Show new preview')}
          </button>
        </div>
      </div>
    );
  }
  return null;
}
