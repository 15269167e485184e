import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { commitProblemWords, needsIdentity } from '../commitwords';
import type * as wire from '../wire';
import { ActionButton } from './ActionButton';
import { OwnEdits } from './DiffView';
import { Icon } from './Icon';
import { IdentityHelp } from './IdentityHelp';
import { Message } from './Message';
import { whyNotChoose } from './SaveChoices';
import type { ISaveFormProps } from './SaveForm';

/** Whether to commit, with which words, and what that takes along. */
export function CommitField(props: ISaveFormProps & { preview: wire.SavePreview }) {
  const { trans, preview, commit, message, state } = props;
  const problem = preview.commit_problem;
  const locked = state.kind === 'saving';
  return (
    <div className="jp-EnvSnap-field">
      <span>{trans.__('Commit')}</span>
      <div>
        <label className="jp-EnvSnap-option">
          <input
            type="checkbox"
            checked={commit}
            disabled={problem !== null || locked}
            onChange={event => {
              props.onCommit(event.target.checked);
            }}
          />
          <CommitWords trans={trans} preview={preview} />
        </label>
        {problem && (
          <>
            <p className="jp-EnvSnap-hint">
              <Message text={commitProblemWords(trans, problem)} />
            </p>
            {needsIdentity(problem) && (
              <details className="jp-EnvSnap-howTo">
                <summary className="jp-EnvSnap-link">{trans.__('How to set it')}</summary>
                <IdentityHelp trans={trans} onCopy={props.onCopy} />
              </details>
            )}
            <ActionButton
              className="jp-EnvSnap-link"
              words={trans.__('Check again')}
              whyNot={whyNotChoose(props)}
              onClick={props.onPreview}
            />
          </>
        )}
        {commit && (
          <>
            <textarea
              className="jp-EnvSnap-input jp-mod-area"
              aria-label={trans.__('Commit message')}
              rows={3}
              readOnly={locked}
              value={message}
              onChange={event => {
                props.onMessage(event.target.value);
              }}
            />
            {preview.repository && (
              <CommitHints trans={trans} repository={preview.repository} />
            )}
          </>
        )}
      </div>
    </div>
  );
}

interface ICommitHintsProps {
  trans: TranslationBundle;
  repository: wire.RepositoryState;
}

/** What the commit takes along, and what it leaves as it is. */
function CommitHints({ trans, repository }: ICommitHintsProps): React.JSX.Element {
  return (
    <>
      {repository.branch === null && (
        <p className="jp-EnvSnap-hint jp-mod-warn">
          <Icon name="alert" tone="warn" />
          {trans.__(
            'No branch is checked out. Switch to one first, or the commit is hard to find again.'
          )}
        </p>
      )}
      <OwnEdits trans={trans} lines={repository.own_edits} />
      <p className="jp-EnvSnap-hint">{hintWords(trans, repository)}</p>
    </>
  );
}

/** One translated sentence, with the branch in it set in bold. */
function CommitWords({
  trans,
  preview
}: {
  trans: TranslationBundle;
  preview: wire.SavePreview;
}) {
  if (preview.commit_problem !== null || preview.repository === null) {
    return <span>{trans.__('Commit')}</span>;
  }
  const { branch } = preview.repository;
  if (branch === null) {
    return <span>{trans.__('Commit, on no branch')}</span>;
  }
  const [before = '', after = ''] = trans.__('Commit to branch %1', '\0').split('\0');
  return (
    <span>
      {before}
      <b>{branch}</b>
      {after}
    </span>
  );
}

function hintWords(trans: TranslationBundle, repository: wire.RepositoryState): string {
  const { staged_others: staged, hooks, signs } = repository;
  const sentences = [
    trans.__('Only this file is committed.'),
    ...(staged > 0
      ? [
          trans._n(
            'Your %1 staged file stays staged.',
            'Your %1 staged files stay staged.',
            staged
          )
        ]
      : []),
    ...(hooks.length > 0
      ? [
          trans._n(
            'This git hook runs: %2.',
            'These git hooks run: %2.',
            hooks.length,
            hooks.join(', ')
          )
        ]
      : []),
    ...(signs ? [trans.__('The commit is signed.')] : []),
    trans.__('Nothing is pushed.')
  ];
  return sentences.join(' ');
}
