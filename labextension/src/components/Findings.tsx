import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type * as wire from '../wire';
import { Icon } from './Icon';
import { Message } from './Message';

const GOOD_TO_KNOW: readonly string[] = [
  'credentials-removed',
  'defaults-channel',
  'duplicate-distribution',
  'loaded-before-change',
  'secret-variable-omitted'
];

/** More than these are folded at first, so that the text is in view. */
const UNFOLDED = 3;

/** Whether a finding may keep others from rebuilding. */
export function isWarning(finding: wire.Finding): boolean {
  return !GOOD_TO_KNOW.includes(finding.code);
}

interface IFindingsProps {
  trans: TranslationBundle;
  findings: readonly wire.Finding[];
  /** Line of the text (from 0) that a finding is about. */
  lineOf: (finding: wire.Finding) => number | null;
  onShowLine: (line: number) => void;
  onCopyPath: (path: string) => void;
  onReadAgain: () => void;
  onChoose: () => void;
}

export function Findings(props: IFindingsProps): React.JSX.Element | null {
  const { trans, findings } = props;
  if (findings.length === 0) {
    return null;
  }
  const worst = findings.some(isWarning);
  return (
    <details className="jp-EnvSnap-findings" open={findings.length <= UNFOLDED}>
      <summary className="jp-EnvSnap-rowFocus">
        <Icon name="right" tone="turn" />
        <Icon name={worst ? 'alert' : 'info'} tone={worst ? 'warn' : 'quiet'} />
        <span className="jp-EnvSnap-long">
          {trans._n(
            '%1 thing to know before you share it',
            '%1 things to know before you share it',
            findings.length
          )}
        </span>
        <span className="jp-EnvSnap-short">
          {trans._n('%1 thing to know', '%1 things to know', findings.length)}
        </span>
      </summary>
      <div className="jp-EnvSnap-findingList">
        {findings.map(finding => (
          <Finding key={JSON.stringify(finding)} {...props} finding={finding} />
        ))}
      </div>
    </details>
  );
}

function Finding(props: IFindingsProps & { finding: wire.Finding }): React.JSX.Element {
  const { trans, finding } = props;
  const warning = isWarning(finding);
  const line = props.lineOf(finding);
  const { path } = finding;
  const again = finding.code === 'not-captured' || finding.code === 'being-changed';
  return (
    <div className="jp-EnvSnap-finding">
      <Icon name={warning ? 'alert' : 'info'} tone={warning ? 'warn' : 'quiet'} />
      <p>
        <Message text={finding.message} />
      </p>
      <div className="jp-EnvSnap-actions">
        {line !== null && (
          <Action
            words={trans.__('Show line %1', line + 1)}
            onClick={() => {
              props.onShowLine(line);
            }}
          />
        )}
        {path !== null && path !== undefined && (
          <Action
            words={trans.__('Copy path')}
            onClick={() => {
              props.onCopyPath(path);
            }}
          />
        )}
        {again && <Action words={trans.__('Read again')} onClick={props.onReadAgain} />}
        {finding.code === 'sources-disagree' && (
          <Action words={trans.__('Choose environment…')} onClick={props.onChoose} />
        )}
      </div>
    </div>
  );
}

function Action({ words, onClick }: { words: string; onClick: () => void }) {
  return (
    <button type="button" className="jp-EnvSnap-link" onClick={onClick}>
      {words}
    </button>
  );
}
