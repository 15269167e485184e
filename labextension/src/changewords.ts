import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IChange, Sign, StepSize } from './changes';
import type { ISide } from './comparing';
import { whenWords } from './time';
import { reasonWords } from './words';

/** The words for changes. Each is a whole sentence or a whole label. */

export function signWords(trans: TranslationBundle, sign: Sign): string {
  const words: Record<Sign, string> = {
    added: trans.__('Added'),
    removed: trans.__('Removed'),
    changed: trans.__('Changed')
  };
  return words[sign];
}

/** "major", "new", "moved": what kind of change it is, in a word. */
export function stepWords(trans: TranslationBundle, change: IChange): string {
  if (change.step) {
    const words: Record<StepSize, string> = {
      major: trans.__('major'),
      minor: trans.__('minor'),
      patch: trans.__('patch')
    };
    return words[change.step.size];
  }
  if (change.sign !== 'changed') {
    return change.sign === 'added' ? trans.__('new') : trans.__('gone');
  }
  const words: Partial<Record<IChange['change'], string>> = {
    moved: trans.__('moved'),
    rebuilt: trans.__('rebuilt'),
    'channel-changed': trans.__('channel'),
    'source-changed': trans.__('source'),
    'artifact-replaced': trans.__('replaced'),
    'requested-changed': trans.__('kept'),
    details: trans.__('details')
  };
  return words[change.change] ?? trans.__('changed');
}

/** What the versions do not say; empty where they say all. */
export function noteWords(trans: TranslationBundle, change: IChange): string {
  const {
    conda_before: was,
    conda_after: is,
    pypi_before: pipWas,
    pypi_after: pipIs
  } = change.packages;
  switch (change.change) {
    case 'moved':
      return pipIs
        ? trans.__('Was installed by conda, now by pip.')
        : trans.__('Was installed by pip, now by conda.');
    case 'rebuilt':
      return was?.build && is?.build
        ? trans.__('Build %1, was %2.', is.build, was.build)
        : trans.__('The same version, built anew.');
    case 'channel-changed':
      return was?.channel && is?.channel
        ? trans.__('From %1, was from %2.', is.channel, was.channel)
        : trans.__('From another channel.');
    case 'source-changed':
      return trans.__('Comes from another source than before.');
    case 'artifact-replaced':
      return trans.__('Another file of the same version.');
    case 'requested-changed':
      return (pipIs ?? pipWas)
        ? pipIs?.requested
          ? trans.__('Now asked for by name.')
          : trans.__('Not asked for by name any more.')
        : (is?.requested ?? []).length > 0
          ? trans.__('Now asked for by name.')
          : trans.__('Not asked for by name any more.');
    case 'details':
      return trans.__('The same version; only details of it changed.');
    case 'added':
    case 'removed':
    case 'upgraded':
    case 'downgraded':
    case 'changed':
      return '';
  }
}

/** What a person calls a side of a comparison. */
export interface ISideWords {
  readonly name: string;
  /** What tells it from others; may be empty. */
  readonly hint: string;
}

export function sideWords(
  trans: TranslationBundle,
  { reference, snapshot }: ISide,
  now: Date
): ISideWords {
  if (snapshot) {
    return {
      name: snapshot.note ?? reasonWords(trans, snapshot.reason),
      hint: whenWords(new Date(snapshot.taken_at), now)
    };
  }
  const [kind = '', ...rest] = reference.split(':');
  const value = rest.join(':');
  switch (kind) {
    case 'kernel':
      return { name: trans.__('Kernel now'), hint: '' };
    case 'snapshot':
      return { name: trans.__('The last snapshot'), hint: '' };
    case 'rev': {
      const [revision = '', ...path] = rest;
      return {
        name: trans.__('%1 at %2', PathExt.basename(path.join(':')), revision),
        hint: ''
      };
    }
    default:
      return { name: PathExt.basename(value), hint: PathExt.dirname(value) };
  }
}
