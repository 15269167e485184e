import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IChange, Sign, StepSize } from './changes';
import type { ISide } from './comparing';
import { whenWords } from './time';
import type * as wire from './wire';
import { reasonWords } from './words';

const SHORT_COMMIT = 7;

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
    'requested-changed': isAsked(change) ? trans.__('asked') : trans.__('pulled in'),
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
        ? trans.__('Same version, other build: %1 → %2', was.build, is.build)
        : trans.__('Same version, other build.');
    case 'channel-changed':
      return was?.channel && is?.channel
        ? trans.__('From %1, now from %2.', was.channel, is.channel)
        : trans.__('From another channel.');
    case 'source-changed': {
      const [before, after] = [commitOf(pipWas), commitOf(pipIs)];
      return before && after && before !== after
        ? trans.__('Other commit: %1 → %2', before, after)
        : trans.__('Comes from another source than before.');
    }
    case 'artifact-replaced':
      return trans.__('Same name and build, other content. Worth a look.');
    case 'requested-changed':
      return isAsked(change)
        ? trans.__('You asked for it now; before, it was pulled in.')
        : trans.__('You asked for it before; now, it is pulled in.');
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

/** What stood in its line, for a note after it; empty where it is new. */
export function wasWords(trans: TranslationBundle, change: IChange): string {
  const { conda_before: was, pypi_after: pipIs } = change.packages;
  if (change.before === null) {
    return '';
  }
  switch (change.change) {
    case 'moved':
      return pipIs
        ? trans.__('was installed by conda')
        : trans.__('was installed by pip');
    case 'rebuilt':
      return was?.build
        ? trans.__('was build %1', was.build)
        : trans.__('was another build');
    case 'channel-changed':
      return was?.channel
        ? trans.__('was from %1', was.channel)
        : trans.__('was from another channel');
    case 'source-changed':
      return trans.__('was from another source');
    case 'artifact-replaced':
      return trans.__('same name and build, other content');
    case 'requested-changed':
      return isAsked(change)
        ? trans.__('was pulled in, not asked for')
        : trans.__('was asked for');
    case 'added':
    case 'removed':
    case 'upgraded':
    case 'downgraded':
    case 'changed':
    case 'details':
      return trans.__('was %1', change.before);
  }
}

/** Of a line that is new: "Added: polars". */
export function addedWords(trans: TranslationBundle, change: IChange): string {
  const was = wasWords(trans, change);
  return was
    ? trans.__('Added: %1, %2', change.name, was)
    : trans.__('Added: %1', change.name);
}

/** Of a line that says something else: "Changed: numpy, was 1.26.4". */
export function changedWords(trans: TranslationBundle, change: IChange): string {
  return trans.__('Changed: %1, %2', change.name, wasWords(trans, change));
}

/** What is gone: "dask 2024.9.0". */
export function goneWords({ name, before }: IChange): string {
  return before === null ? name : `${name} ${before}`;
}

function isAsked({ packages }: IChange): boolean {
  const { conda_after: is, pypi_before: pipWas, pypi_after: pipIs } = packages;
  return (pipIs ?? pipWas)
    ? (pipIs?.requested ?? false)
    : (is?.requested ?? []).length > 0;
}

/** The start of the commit that it was installed from. */
function commitOf(found: wire.PypiPackage | null | undefined): string | null {
  return found?.source?.type === 'vcs'
    ? found.source.commit.slice(0, SHORT_COMMIT)
    : null;
}

/** What a person calls a setting of the environment; a variable by its own name. */
export function factWords(trans: TranslationBundle, name: string): string {
  const words: Readonly<Record<string, string>> = {
    kind: trans.__('Kind of environment'),
    platform: trans.__('Platform'),
    python: trans.__('Python'),
    channels: trans.__('Channels'),
    index: trans.__('Package index'),
    'extra indexes': trans.__('More package indexes'),
    'find-links': trans.__('Folders with packages')
  };
  const [, what, of = ''] = /^(variable|pin) (.*)$/.exec(name) ?? [];
  if (what !== undefined) {
    return what === 'pin' ? trans.__('Pin of %1', of) : of;
  }
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
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
