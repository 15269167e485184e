import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { IAction } from './command';
import type { Glance } from './glance';
import * as icons from './icons';
import type { Standing } from './state';
import { statusWords } from './statuswords';

const ICONS: Readonly<Record<Standing['kind'], LabIcon>> = {
  open: icons.snapshotIcon,
  unknown: icons.snapshotIcon,
  unclear: icons.snapshotIcon,
  same: icons.snapshotSameIcon,
  unsaved: icons.snapshotUnsavedIcon,
  differs: icons.snapshotChangedIcon,
  'since-snapshot': icons.snapshotChangedIcon
};

/**
 * How the button in the notebook's toolbar looks: where nothing else says how the environment
 * stands to its file, it does, by its shape and in its tooltip.
 */
export function badge(
  trans: TranslationBundle,
  glance: Glance | null
): Pick<IAction, 'caption' | 'icon' | 'className'> {
  if (!glance) {
    return {
      caption: trans.__('keeps what this kernel runs in'),
      icon: icons.snapshotIcon
    };
  }
  return {
    caption: () => {
      const words = statusWords(trans, glance);
      return words
        ? trans.__('keeps what this kernel runs in. %1.', words.long)
        : trans.__('keeps what this kernel runs in');
    },
    icon: () => ICONS[glance.standing.kind],
    className: () =>
      statusWords(trans, glance)?.tone === 'warn' ? 'jp-EnvSnap-changedTool' : ''
  };
}
