import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { isWarning } from '../findings';
import type * as wire from '../wire';
import { Icon } from './Icon';
import { Message } from './Message';

interface IFindingSignProps {
  trans: TranslationBundle;
  finding: wire.Finding;
}

export function FindingSign({ trans, finding }: IFindingSignProps): React.JSX.Element {
  return isWarning(finding) ? (
    <Icon name="alert" tone="warn" label={trans.__('Warning')} />
  ) : (
    <Icon name="info" tone="quiet" label={trans.__('Good to know')} />
  );
}

/** What is so, what it means, and what to do. */
export function FindingWords({ finding }: { finding: wire.Finding }): React.JSX.Element {
  return (
    <p>
      <Message text={finding.message} />
      {finding.advice && (
        <>
          {' '}
          <span className="jp-EnvSnap-quiet">
            <Message text={finding.advice} />
          </span>
        </>
      )}
    </p>
  );
}
