import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IconName } from './drawings';
import type { Glance } from './glance';
import type { IDistance, Standing } from './state';

interface IStatusWords {
  readonly icon: IconName;
  readonly tone: 'warn' | 'quiet' | 'spin';
  /** In the bar. */
  readonly short: string;
  /** In full, as the tooltip. */
  readonly long: string;
}

/** What is known of the environment in front. */
export type IStatus = Pick<Glance, 'standing' | 'name' | 'changing'>;

/** One word on how the environment stands to its file; nothing until that is known. */
export function statusWords(
  trans: TranslationBundle,
  { standing, name, changing }: IStatus
): IStatusWords | null {
  if (changing !== null) {
    return {
      icon: 'working',
      tone: 'spin',
      short: trans.__('env changing…'),
      long: trans.__('%1 is at work in %2', changing, called(trans, name))
    };
  }
  switch (standing.kind) {
    case 'open':
      return null;
    case 'same':
      return {
        icon: 'snapshot',
        tone: 'quiet',
        short: trans.__('env ✓'),
        long: trans.__(
          '%1 matches %2',
          called(trans, name),
          PathExt.basename(standing.path)
        )
      };
    case 'differs':
      return {
        icon: 'changed',
        tone: 'warn',
        short: count(trans, standing),
        long: trans._n(
          '%1 change in %2 since %3',
          '%1 changes in %2 since %3',
          number(standing),
          called(trans, name),
          PathExt.basename(standing.path)
        )
      };
    case 'since-snapshot':
      return {
        icon: 'changed',
        tone: 'warn',
        short: count(trans, standing),
        long: trans._n(
          '%1 change in %2 since the last snapshot',
          '%1 changes in %2 since the last snapshot',
          number(standing),
          called(trans, name)
        )
      };
    case 'unsaved':
      return {
        icon: 'unsaved',
        tone: 'quiet',
        short: trans.__('env not saved'),
        long: trans.__('%1 is not in a file of this repository', called(trans, name))
      };
    case 'unclear':
    case 'unknown':
      return {
        icon: 'unknown',
        tone: 'quiet',
        short: trans.__('env unknown'),
        long: unknown(trans, standing)
      };
  }
}

function count(trans: TranslationBundle, distance: IDistance): string {
  return trans._n('env %1 change', 'env %1 changes', number(distance));
}

/** What a person asked for counts; the rest only where nothing else changed. */
function number({ requested, indirect }: IDistance): number {
  return requested || indirect;
}

function called(trans: TranslationBundle, name: string | null): string {
  return name ?? trans.__('the environment');
}

function unknown(trans: TranslationBundle, standing: Standing): string {
  const path = standing.kind === 'unclear' ? PathExt.basename(standing.path) : '';
  return path
    ? trans.__('%1 cannot be compared', path)
    : trans.__('The environment of this kernel could not be read');
}
