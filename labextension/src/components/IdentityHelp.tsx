import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { IDENTITY_COMMANDS } from '../commitwords';
import { ActionButton } from './ActionButton';

interface IIdentityHelpProps {
  trans: TranslationBundle;
  onCopy: (text: string) => void;
}

/** How to tell git who commits: what to type in a terminal. */
export function IdentityHelp({ trans, onCopy }: IIdentityHelpProps): React.JSX.Element {
  return (
    <div>
      <p className="jp-EnvSnap-hint">
        {trans.__('Run these in a terminal, with your own name and address:')}
      </p>
      <pre className="jp-EnvSnap-commands">{IDENTITY_COMMANDS}</pre>
      <ActionButton
        className="jp-EnvSnap-link"
        words={trans.__('Copy commands')}
        onClick={() => {
          onCopy(IDENTITY_COMMANDS);
        }}
      />
    </div>
  );
}
