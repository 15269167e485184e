import type { TranslationBundle } from '@jupyterlab/translation';
import type * as wire from './wire';
import type { IOmission } from './writing';

/** The words for how an environment is written, and why a package stands in it. */

/** So many of those that need a package are named. */
const NAMED = 3;

export interface IChoiceWords {
  readonly label: string;
  readonly hint: string;
}

export function profileWords(
  trans: TranslationBundle,
  { name, label, description }: wire.ProfileEntry
): IChoiceWords {
  const words: Readonly<Record<string, IChoiceWords>> = {
    versions: {
      label: trans.__('Same platform'),
      hint: trans.__('Every package with its version.')
    },
    minimal: {
      label: trans.__('Any platform'),
      hint: trans.__('What you asked for, pinned.')
    },
    exact: {
      label: trans.__('This exact build'),
      hint: trans.__('With builds. This system only.')
    },
    conda: {
      label: trans.__('As conda prints it'),
      hint: trans.__('Same bytes as conda env export.')
    }
  };
  return words[name] ?? { label, hint: description };
}

export function formatWords(
  trans: TranslationBundle,
  { name, label }: wire.FormatEntry
): IChoiceWords {
  const words: Readonly<Record<string, IChoiceWords>> = {
    'environment-yaml': { label: trans.__('environment.yml'), hint: '' },
    'environment-json': { label: trans.__('JSON'), hint: '' },
    explicit: {
      label: trans.__('Package addresses'),
      hint: trans.__('For conda create --file. No pip packages.')
    },
    requirements: {
      label: trans.__('requirements.txt'),
      hint: trans.__('Python packages only.')
    }
  };
  return words[name] ?? { label, hint: '' };
}

export function groupWords(
  trans: TranslationBundle,
  { name, packages }: wire.GroupEntry
): IChoiceWords {
  const words: Readonly<Record<string, IChoiceWords>> = {
    jupyter: {
      label: trans.__('Jupyter'),
      hint: trans.__('Its interface and kernels.')
    },
    dev: {
      label: trans.__('Development tools'),
      hint: trans.__('For tests, style, documents.')
    }
  };
  return words[name] ?? { label: name, hint: packages.join(', ') };
}

/** What is left out, by name; empty where nothing is. */
export function omissionWords(
  trans: TranslationBundle,
  groups: readonly wire.GroupEntry[],
  { exclude, without }: IOmission
): string {
  const named = without.map(name => {
    const group = groups.find(other => other.name === name);
    return group ? groupWords(trans, group).label : name;
  });
  return [...named, ...exclude].join(', ');
}

/** Why a package stands in the text. */
export function whyWords(trans: TranslationBundle, entry: wire.Entry): string {
  const because = entry.because ?? [];
  switch (entry.why) {
    case 'requested':
      return because.length > 0
        ? trans.__('You asked for it: %1', because.join(', '))
        : trans.__('You asked for it');
    case 'leaf':
      return trans.__('Nothing else needs it');
    case 'python':
      return trans.__('Python: the rest runs on it');
    case 'pip':
      return trans.__('It installs the pip packages');
    case 'needed':
      return neededWords(trans, because);
  }
}

function neededWords(trans: TranslationBundle, because: readonly string[]): string {
  const names = because.slice(0, NAMED).join(', ');
  const rest = because.length - NAMED;
  if (rest > 0) {
    return trans._n('Needed by %2 and %1 more', 'Needed by %2 and %1 more', rest, names);
  }
  return trans.__('Needed by %1', names);
}
