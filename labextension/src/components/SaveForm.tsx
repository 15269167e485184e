import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef } from 'react';
import { isOfFile } from '../findings';
import { isOfFolder } from '../local';
import type { SaveWriting } from '../saving';
import type { SavingState } from '../savingstate';
import type * as wire from '../wire';
import type { IOmission } from '../writing';
import { CommitField } from './CommitField';
import { DiffView } from './DiffView';
import { FindingSign, FindingWords } from './FindingWords';
import { LocalChoice } from './LocalChoice';
import { FileField, HowField, LeftOut, whyNotChoose } from './SaveChoices';
import { SaveProblem } from './SaveProblem';

export interface ISaveFormProps {
  trans: TranslationBundle;
  state: SavingState;
  path: string;
  message: string;
  commit: boolean;
  canSave: boolean;
  /** How the file is written, and what else there is; null while that is not known. */
  writing: SaveWriting | null;
  /** Packages that run from a folder of this machine. */
  local: readonly wire.LocalPackage[];
  /** Specs that take more than what is installed are pinned. */
  pins: boolean;
  /** The panel shows the environment in another way than the file is written. */
  differsFromShown: boolean;
  onMode: (mode: wire.SavePreview['mode']) => void;
  onPins: (pins: boolean) => void;
  onFormat: (name: string) => void;
  onProfile: (name: string) => void;
  onOmission: (omission: IOmission) => void;
  onAsShown: () => void;
  onNameBy: (name: string, by: wire.LocalPackage['named']) => void;
  onPath: (path: string) => void;
  onMessage: (message: string) => void;
  onCommit: (commit: boolean) => void;
  onPreview: () => void;
  onSave: () => void;
  onCopy: (text: string) => void;
  /** Leave: a save that is under way goes on. */
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

  useEffect(() => {
    // What had the focus is gone, such as "Check again": the keys are still for the dialog.
    if (document.activeElement === document.body) {
      form.current?.focus();
    }
  });

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
      onFocus={({ target, relatedTarget: from }) => {
        if (target !== form.current) {
          return;
        }
        if (from instanceof HTMLElement && form.current.contains(from)) {
          // JupyterLab gives the form the focus when the browser is idle, which may be late.
          from.focus();
        } else if (canSave) {
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
        {preview && <LeftOut {...props} preview={preview} />}
        {preview?.exists && <HowField {...props} preview={preview} />}
        {state.kind === 'cannot-update' && <SaveProblem {...props} />}
        {preview && <DiffView key={preview.path} trans={trans} preview={preview} />}
        {state.kind !== 'cannot-update' && <SaveProblem {...props} />}
        {preview && <SaveFindings {...props} preview={preview} />}
        {preview && <CommitField {...props} preview={preview} />}
      </div>
      <div className="jp-EnvSnap-dialogFoot">
        <span className="jp-EnvSnap-quiet" role="status">
          {state.kind === 'saving' && state.written && props.commit
            ? waitingWords(trans, state.preview)
            : ''}
        </span>
        <button type="button" className="jp-EnvSnap-button" onClick={props.onCancel}>
          {saving ? trans.__('Stop waiting') : trans.__('Cancel')}
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

/** The file is written: what takes so long is git's. */
function waitingWords(
  trans: TranslationBundle,
  { repository }: wire.SavePreview
): string {
  return (repository?.hooks.length ?? 0) > 0
    ? trans.__('Saved. Waiting for your git hooks…')
    : trans.__('Saved. Waiting for git…');
}

/** What matters to those who get the file, and the ways out. */
function SaveFindings(props: ISaveFormProps & { preview: wire.SavePreview }) {
  const { trans, preview, local } = props;
  const findings = preview.findings.filter(isOfFile);
  const others = findings.filter(
    finding => !local.some(({ name }) => isOfFolder(finding, name))
  );
  return (
    <>
      {local.map(each => (
        <LocalChoice
          key={each.name}
          trans={trans}
          local={each}
          finding={findings.find(finding => isOfFolder(finding, each.name)) ?? null}
          mode={preview.mode}
          whyNot={whyNotChoose(props)}
          onNameBy={by => {
            props.onNameBy(each.name, by);
          }}
          onCopy={props.onCopy}
          onLookAgain={props.onPreview}
        />
      ))}
      {others.map(finding => (
        <div key={JSON.stringify(finding)} className="jp-EnvSnap-finding">
          <FindingSign trans={trans} finding={finding} />
          <FindingWords finding={finding} />
        </div>
      ))}
    </>
  );
}
