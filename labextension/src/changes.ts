import type * as wire from './wire';

/** How much of a version changed: its first number, its second, or what follows. */
export type StepSize = 'major' | 'minor' | 'patch';

/** What became of a package, or of a setting of the environment. */
export type Sign = 'added' | 'removed' | 'changed';

/** One line of the list of changes. */
export interface IChange {
  readonly name: string;
  readonly sign: Sign;
  /** As the server classifies it. */
  readonly change: wire.PackageChange['change'];
  /** Versions; null where there was or is none. */
  readonly before: string | null;
  readonly after: string | null;
  /** Only of a version that went up or down. */
  readonly step: IStep | null;
  /** By what it is, or was last, installed. */
  readonly by: 'conda' | 'pip';
  readonly packages: wire.PackageChange;
}

export interface IStep {
  readonly size: StepSize;
  readonly up: boolean;
}

/** Changes as a person reads them: first what was asked for, then what came with it. */
export interface IChanges {
  readonly asked: readonly IChange[];
  readonly pulled: readonly IChange[];
  readonly settings: readonly wire.FactChange[];
}

export type Counts = Readonly<Record<Sign, number>>;

/** What the machine is like (`__glibc`, …) is nothing that was installed: it is left out. */
export function changesOf({ packages, facts }: wire.EnvironmentDiff): IChanges {
  const changes = packages.map(changeOf);
  return {
    asked: changes.filter(({ packages: { requested } }) => requested),
    pulled: changes.filter(({ packages: { requested } }) => !requested),
    settings: facts.filter(({ name }) => !name.startsWith('__'))
  };
}

/** Those whose name has these words. */
export function filtered(changes: IChanges, words: string): IChanges {
  const wanted = words.trim().toLowerCase();
  const has = ({ name }: { readonly name: string }): boolean =>
    name.toLowerCase().includes(wanted);
  return {
    asked: changes.asked.filter(has),
    pulled: changes.pulled.filter(has),
    settings: changes.settings.filter(has)
  };
}

/** What was asked for counts; what came with it only where nothing else changed. */
export function countsOf({ asked, pulled, settings }: IChanges): Counts {
  const first = [...asked.map(({ sign }) => sign), ...settings.map(signOfFact)];
  const counted = first.length > 0 ? first : pulled.map(({ sign }) => sign);
  const count = (wanted: Sign): number => counted.filter(sign => sign === wanted).length;
  return {
    added: count('added'),
    removed: count('removed'),
    changed: count('changed')
  };
}

export function signOfFact({ before, after }: wire.FactChange): Sign {
  return before === null ? 'added' : after === null ? 'removed' : 'changed';
}

/** The start that two versions share, up to where one of their numbers begins. */
export function sharedStart(before: string, after: string): string {
  let same = 0;
  while (same < after.length && before[same] === after[same]) {
    same += 1;
  }
  while (same > 0 && !SEPARATOR.test(after[same - 1] ?? '')) {
    same -= 1;
  }
  return after.slice(0, same);
}

const SEPARATOR = /[.!+_-]/;

function changeOf(packages: wire.PackageChange): IChange {
  const { name, change } = packages;
  const before = packages.pypi_before ?? packages.conda_before ?? null;
  const after = packages.pypi_after ?? packages.conda_after ?? null;
  const last = after ? packages.pypi_after : packages.pypi_before;
  return {
    name,
    sign: before === null ? 'added' : after === null ? 'removed' : 'changed',
    change,
    before: before?.version ?? null,
    after: after?.version ?? null,
    step:
      before && after && (change === 'upgraded' || change === 'downgraded')
        ? { size: sizeOf(before.version, after.version), up: change === 'upgraded' }
        : null,
    by: last ? 'pip' : 'conda',
    packages
  };
}

function sizeOf(before: string, after: string): StepSize {
  if (before.includes('!') || after.includes('!')) {
    const [one, other] = [before, after].map(version =>
      version.includes('!') ? version.split('!', 1)[0] : '0'
    );
    if (one !== other) {
      return 'major';
    }
  }
  const [a, b] = [before, after].map(version =>
    version.replace(/^[^!]*!/, '').split(/[.+_-]/)
  );
  if (a?.[0] !== b?.[0]) {
    return 'major';
  }
  return (a?.[1] ?? '0') === (b?.[1] ?? '0') ? 'patch' : 'minor';
}
