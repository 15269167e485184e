import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';
import { SaveForm } from './components/SaveForm';
import { FormDialog } from './formdialog';
import type { Saving } from './saving';
import type * as wire from './wire';

/** After typing rests for so long, a path is looked at. */
const PAUSE_MS = 400;

/** Ask, and save; the reply, or null where nothing was saved. */
export async function saveDialog(
  saving: Saving,
  trans: TranslationBundle
): Promise<wire.SaveReply | null> {
  const body = new SaveBody(saving, trans);
  // Disposed below, whatever happens.
  // eslint-disable-next-line jupyter/require-disposable-ownership
  const dialog = new FormDialog({
    title: trans.__('Save environment to repository'),
    body,
    held: () => saving.state.kind === 'saving'
  });
  body.cancelled = () => {
    dialog.reject();
  };
  const close = (): void => {
    if (saving.state.kind === 'saved') {
      dialog.reject();
    }
  };
  saving.changed.connect(close);
  void saving.preview();
  try {
    await dialog.launch();
  } finally {
    saving.changed.disconnect(close);
    dialog.dispose();
  }
  return saving.state.kind === 'saved' ? saving.state.reply : null;
}

class SaveBody extends ReactWidget {
  cancelled: () => void = () => undefined;

  constructor(
    private readonly _saving: Saving,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-EnvSnap-dialogBody');
    this._saving.changed.connect(this._onChanged, this);
  }

  override dispose(): void {
    clearTimeout(this._pause);
    this._saving.changed.disconnect(this._onChanged, this);
    super.dispose();
  }

  protected override render(): React.JSX.Element {
    const saving = this._saving;
    return (
      <SaveForm
        trans={this._trans}
        state={saving.state}
        path={saving.path}
        message={saving.message}
        commit={saving.commit}
        canSave={saving.canSave}
        writing={saving.writing}
        pins={saving.pins}
        differsFromShown={saving.differsFromShown}
        onMode={mode => {
          saving.chooseMode(mode);
        }}
        onPins={pins => {
          saving.pins = pins;
        }}
        onProfile={profile => {
          saving.chooseProfile(profile);
        }}
        onOmission={omission => {
          saving.leaveOut(omission);
        }}
        onAsShown={() => {
          saving.chooseAsShown();
        }}
        onPath={path => {
          saving.path = path;
          clearTimeout(this._pause);
          this._pause = setTimeout(() => void saving.preview(), PAUSE_MS);
        }}
        onMessage={message => {
          saving.message = message;
        }}
        onCommit={commit => {
          saving.commit = commit;
        }}
        onPreview={() => void saving.preview()}
        onSave={() => void saving.save()}
        onCancel={() => {
          this.cancelled();
        }}
      />
    );
  }

  private _onChanged(): void {
    this.update();
  }

  private _pause: ReturnType<typeof setTimeout> | undefined;
}
