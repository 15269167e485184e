import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';
import { Icon } from './components/Icon';
import type { IconName } from './drawings';
import type { Glance } from './glance';
import type { IDistance, Standing } from './state';

interface IStatusWords {
  readonly icon: IconName;
  readonly tone: 'warn' | 'quiet' | 'ok';
  /** In the bar. */
  readonly short: string;
  /** In full, as the tooltip. */
  readonly long: string;
}

/** One word on how the environment stands to its file; nothing until that is known. */
export function statusWords(
  trans: TranslationBundle,
  standing: Standing
): IStatusWords | null {
  switch (standing.kind) {
    case 'open':
      return null;
    case 'same':
      return {
        icon: 'ok',
        tone: 'ok',
        short: trans.__('env ✓'),
        long: trans.__('The environment matches %1', PathExt.basename(standing.path))
      };
    case 'differs':
      return {
        icon: 'changed',
        tone: 'warn',
        short: count(trans, standing),
        long: trans.__(
          'The environment changed since %1 was written',
          PathExt.basename(standing.path)
        )
      };
    case 'since-snapshot':
      return {
        icon: 'changed',
        tone: 'warn',
        short: count(trans, standing),
        long: trans.__('The environment changed since the last snapshot')
      };
    case 'unsaved':
      return {
        icon: 'unsaved',
        tone: 'quiet',
        short: trans.__('env not saved'),
        long: trans.__('The environment is not in a file of this repository')
      };
    case 'unclear':
    case 'unknown':
      return {
        icon: 'unknown',
        tone: 'quiet',
        short: trans.__('env unknown'),
        long: trans.__('The environment of this kernel could not be compared')
      };
  }
}

function count(trans: TranslationBundle, { requested, indirect }: IDistance): string {
  return trans._n('env %1 change', 'env %1 changes', requested || indirect);
}

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
    const words = statusWords(this._trans, this._glance.standing);
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
