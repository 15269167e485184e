import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';
import { Icon } from './components/Icon';
import type { Glance } from './glance';
import { statusWords } from './statuswords';

/** The item of the status bar; a click shows what changed. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly _glance: Glance,
    private readonly _trans: TranslationBundle,
    private readonly _onClick: () => void
  ) {
    super();
    this.addClass('jp-EnvSnap-statusItem');
    this._glance.changed.connect(this.update, this);
  }

  override dispose(): void {
    this._glance.changed.disconnect(this.update, this);
    super.dispose();
  }

  protected override render(): React.JSX.Element | null {
    const words = statusWords(this._trans, this._glance);
    return (
      words && (
        <button
          type="button"
          className="jp-EnvSnap-status"
          title={words.long}
          onClick={this._onClick}
        >
          <Icon name={words.icon} tone={words.tone} />
          {words.short}
        </button>
      )
    );
  }
}
