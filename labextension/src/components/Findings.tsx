import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import {
  fromDefaults,
  installCommand,
  isWarning,
  kindOf,
  pushCommand,
  type Deed
} from '../findings';
import { couldBeCloned } from '../local';
import type { IReading } from '../state';
import type * as wire from '../wire';
import { ActionLinks } from './ActionLinks';
import type { IAction } from './actions';
import { FindingSign, FindingWords } from './FindingWords';
import { Icon } from './Icon';

/** More than these are folded at first, so that the text is in view. */
const UNFOLDED = 3;

interface IFindingsProps {
  trans: TranslationBundle;
  findings: readonly wire.Finding[];
  /** Line of the text (from 0) that a finding is about. */
  lineOf: (finding: wire.Finding) => number | null;
  reading: IReading;
  onShowLine: (line: number) => void;
  onCopy: (text: string) => void;
  onReadAgain: () => void;
  onChoose: () => void;
  onRestart: () => void;
  /** Write the git address of this package, not its folder. */
  onClone: (name: string) => void;
  /** Leave this package out no more. */
  onInclude: (name: string) => void;
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
  const { finding } = props;
  const actions = kindOf(finding).deeds.flatMap(deed => actionFor(deed, props));
  return (
    <div className="jp-EnvSnap-finding">
      <FindingSign trans={props.trans} finding={finding} />
      <FindingWords finding={finding} />
      {kindOf(finding).deeds.includes('show-packages') && (
        <Packages trans={props.trans} names={fromDefaults(props.reading.environment)} />
      )}
      <ActionLinks actions={actions} />
    </div>
  );
}

/** What the page can do of it here; nothing where something is missing for that. */
function actionFor(
  deed: Deed,
  props: IFindingsProps & { finding: wire.Finding }
): readonly IAction[] {
  const { trans, finding, reading } = props;
  const { package: name, path } = finding;
  const copying = (words: string, text: string | null | undefined): readonly IAction[] =>
    text
      ? [
          {
            words,
            onClick: () => {
              props.onCopy(text);
            }
          }
        ]
      : [];
  switch (deed) {
    case 'show-line': {
      const line = props.lineOf(finding);
      return line === null
        ? []
        : [
            {
              words: trans.__('Show line %1', line + 1),
              onClick: () => {
                props.onShowLine(line);
              }
            }
          ];
    }
    case 'copy-path': {
      const folder = reading.kernel.prefix?.path;
      return copying(
        trans.__('Copy path'),
        path && folder !== undefined ? `${folder}/${path}` : path
      );
    }
    case 'copy-push-command':
      return copying(
        trans.__('Copy push command'),
        pushCommand(finding, reading.environment)
      );
    case 'copy-install-command':
      return copying(trans.__('Copy install command'), installCommand(finding));
    case 'look-again':
      return [{ words: trans.__('Read again'), onClick: props.onReadAgain }];
    case 'choose-environment':
      return [{ words: trans.__('Choose environment…'), onClick: props.onChoose }];
    case 'leave-out-no-more':
      return name
        ? [
            {
              words: trans.__('Leave it out no more'),
              onClick: () => {
                props.onInclude(name);
              }
            }
          ]
        : [];
    case 'write-git-address': {
      const { document } = reading;
      const { local } = document.kind === 'written' ? document.outline : {};
      return name && couldBeCloned(local, name)
        ? [
            {
              words: trans.__('Write its git address instead…'),
              onClick: () => {
                props.onClone(name);
              }
            }
          ]
        : [];
    }
    case 'restart-kernel':
      return [{ words: trans.__('Restart kernel'), onClick: props.onRestart }];
    case 'show-packages':
      return [];
  }
}

/** The packages that a finding is about, unfolded on request. */
function Packages({
  trans,
  names
}: {
  trans: TranslationBundle;
  names: readonly string[];
}) {
  return (
    <details className="jp-EnvSnap-packages">
      <summary className="jp-EnvSnap-link">{trans.__('Show packages')}</summary>
      <p className="jp-EnvSnap-code">{names.join(', ')}</p>
    </details>
  );
}
