import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';
import type { Choosing } from './choosing';
import { ChoiceForm } from './components/ChoiceForm';
import { FormDialog } from './formdialog';

/** Let a person choose; ends when they have, or would rather not. */
export async function chooseDialog(
  choosing: Choosing,
  title: string,
  trans: TranslationBundle
): Promise<void> {
  const body = new ChoiceBody(choosing, title, trans);
  // Disposed below, whatever happens.
  // eslint-disable-next-line jupyter/require-disposable-ownership
  const dialog = new FormDialog({
    title: trans.__('Choose environment'),
    body,
    held: () => choosing.state.kind === 'choosing'
  });
  dialog.addClass('jp-EnvSnap-choiceDialog');
  body.cancelled = () => {
    dialog.reject();
  };
  const close = (): void => {
    if (choosing.state.kind === 'chosen') {
      dialog.reject();
    }
  };
  choosing.changed.connect(close);
  void choosing.look();
  try {
    await dialog.launch();
  } finally {
    choosing.changed.disconnect(close);
    dialog.dispose();
  }
}

class ChoiceBody extends ReactWidget {
  cancelled: () => void = () => undefined;

  constructor(
    private readonly _choosing: Choosing,
    private readonly _title: string,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-EnvSnap-dialogBody');
    this._choosing.changed.connect(this._onChanged, this);
  }

  override dispose(): void {
    this._choosing.changed.disconnect(this._onChanged, this);
    super.dispose();
  }

  protected override render(): React.JSX.Element {
    return (
      <ChoiceForm
        trans={this._trans}
        state={this._choosing.state}
        title={this._title}
        onChoose={path => void this._choosing.choose(path)}
        onLook={() => void this._choosing.look()}
        onCancel={() => {
          this.cancelled();
        }}
      />
    );
  }

  private _onChanged(): void {
    this.update();
  }
}
