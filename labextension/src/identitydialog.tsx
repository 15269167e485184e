import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { IDENTITY_COMMANDS } from './commitwords';

/** Show how git is told who commits. */
export async function identityDialog(
  trans: TranslationBundle,
  copy: (text: string) => void
): Promise<void> {
  const { button } = await showDialog({
    title: trans.__('Tell git your name'),
    body: <pre className="jp-EnvSnap-commands">{IDENTITY_COMMANDS}</pre>,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Close') }),
      Dialog.okButton({ label: trans.__('Copy commands') })
    ]
  });
  if (button.accept) {
    copy(IDENTITY_COMMANDS);
  }
}
