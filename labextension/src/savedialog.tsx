import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';
import { SaveForm } from './components/SaveForm';
import { FormDialog } from './formdialog';
import type { Hearing } from './hearing';
import type { Saving } from './saving';
import type * as wire from './wire';

/** After typing rests for so long, a path is looked at. */
const PAUSE_MS = 400;

/** Whatever can be worked in; a menu bar cannot. */
const HOLDS_FOCUS = ':not(body, .lm-MenuBar, .lm-MenuBar *)';

export interface ISaveDialogOptions {
  saving: Saving;
  trans: TranslationBundle;
  hearing: Pick<Hearing, 'fileWritten'>;
  /** Take the focus where nothing has it afterwards: a menu was there before the dialog. */
  leave: () => void;
  /** Put a text into the clipboard. */
  copy: (text: string) => void;
}

/** Ask, and save; the reply, or null where nothing was saved. Throws why a save came to nothing. */
export async function saveDialog(
  options: ISaveDialogOptions
): Promise<wire.SaveReply | null> {
  const { saving, trans, hearing } = options;
  const body = new SaveBody(options);
  // Disposed below, whatever happens.
  // eslint-disable-next-line jupyter/require-disposable-ownership
  const dialog = new FormDialog({
    title: trans.__('Save environment to repository'),
    body
  });
  body.cancelled = () => {
    dialog.reject();
  };
  const close = (): void => {
    if (saving.state.kind === 'saved') {
      dialog.reject();
    }
  };
  const heard = (_: unknown, path: string): void => {
    saving.heard(path);
  };
  hearing.fileWritten.connect(heard);
  saving.changed.connect(close);
  void saving.preview();
  try {
    await dialog.launch();
  } finally {
    hearing.fileWritten.disconnect(heard);
    saving.changed.disconnect(close);
    dialog.dispose();
    if (!document.activeElement?.matches(HOLDS_FOCUS)) {
      options.leave();
    }
  }
  return saving.outcome();
}

class SaveBody extends ReactWidget {
  cancelled: () => void = () => undefined;

  constructor({ saving, trans, copy }: ISaveDialogOptions) {
    super();
    this._saving = saving;
    this._trans = trans;
    this._copy = copy;
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
        local={saving.local}
        pins={saving.pins}
        differsFromShown={saving.differsFromShown}
        onMode={mode => {
          saving.chooseMode(mode);
        }}
        onPins={pins => {
          saving.pins = pins;
        }}
        onFormat={format => {
          saving.chooseFormat(format);
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
        onNameBy={(name, by) => {
          saving.nameBy(name, by);
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
        onCopy={this._copy}
        onCancel={() => {
          this.cancelled();
        }}
      />
    );
  }

  private _onChanged(): void {
    this.update();
  }

  private readonly _saving: Saving;
  private readonly _trans: TranslationBundle;
  private readonly _copy: (text: string) => void;
  private _pause: ReturnType<typeof setTimeout> | undefined;
}
