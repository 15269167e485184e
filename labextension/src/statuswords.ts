import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IconName } from './drawings';
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
