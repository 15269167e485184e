import { changesOf, countsOf, filtered, sharedStart } from '../../src/changes';
import { noteWords, stepWords, wasWords } from '../../src/changewords';
import { markdownOf } from '../../src/markdown';
import type * as wire from '../../src/wire';
import { diff, packageChanges, trans } from './samples';

function stepOf(before: string, after: string, up = true) {
  const conda = { name: 'a', build: '', channel: '', subdir: '' };
  const change: wire.PackageChange = {
    name: 'a',
    change: up ? 'upgraded' : 'downgraded',
    requested: true,
    conda_before: { ...conda, version: before },
    conda_after: { ...conda, version: after }
  };
  return changesOf(diff({ packages: [change] }).changes).asked[0]?.step;
}

it.each([
  ['1.26.4', '2.0.1', 'major'],
  ['1.26.4', '1.27.0', 'minor'],
  ['1.26.4', '1.26.5', 'patch'],
  ['1.26', '1.26.1', 'patch'],
  ['1', '1.1', 'minor'],
  ['2.0rc1', '2.0', 'minor'],
  ['1.0', '1!0.1', 'major'],
  ['1!1.0', '1!1.0.1', 'patch'],
  ['9e', '9f', 'major'],
  ['2.1.0+cu118', '2.1.0+cu121', 'patch']
])('from %s to %s is a %s step', (before, after, size) => {
  expect(stepOf(before, after)).toEqual({ size, up: true });
  expect(stepOf(after, before, false)).toEqual({ size, up: false });
});

it.each([
  ['1.26.4', '2.0.1', ''],
  ['3.0.0', '3.1.0', '3.'],
  ['3.3.1', '3.3.10', '3.3.'],
  ['2024.9.0', '2024.6.1', '2024.'],
  ['1.0', '1.0.post1', '1.0.'.slice(0, 2)]
])('%s and %s share a start up to a number', (before, after, shared) => {
  expect(sharedStart(before, after)).toBe(shared);
});

it('puts first what was asked for, and leaves the machine out', () => {
  const facts = [
    { name: '__glibc', before: '2.35', after: '2.36' },
    { name: 'channels', before: null, after: 'conda-forge' }
  ];
  const changes = changesOf(diff({ facts }).changes);
  expect(changes.asked.map(({ name }) => name)).toEqual(['numpy', 'polars', 'dask']);
  expect(changes.pulled.map(({ name }) => name)).toEqual(['certifi', 'fsspec']);
  expect(changes.settings.map(({ name }) => name)).toEqual(['channels']);
  expect(countsOf(changes)).toEqual({ added: 2, removed: 1, changed: 1 });
});

it('counts what came along only where nothing else changed', () => {
  const packages = packageChanges().filter(({ requested }) => !requested);
  const changes = changesOf(diff({ packages, facts: [] }).changes);
  expect(countsOf(changes)).toEqual({ added: 0, removed: 0, changed: 2 });
});

it('filters by any part of a name', () => {
  const some = filtered(changesOf(diff().changes), ' NUM ');
  expect(some.asked.map(({ name }) => name)).toEqual(['numpy']);
  expect(some.settings.map(({ name }) => name)).toEqual(['OMP_NUM_THREADS']);
  expect(some.pulled).toEqual([]);
});

const NUMPY = { name: 'numpy', version: '1', build: 'a', channel: 'x', subdir: '' };
const MYLIB = { name: 'mylib', version: '1' };
const source = (commit: string): wire.VcsSource => ({
  type: 'vcs',
  vcs: 'git',
  url: 'https://git.example.org/mylib',
  commit
});

it.each<[string, string, string, Partial<wire.PackageChange>]>([
  [
    'rebuilt',
    'Same version, other build: 24_openblas → 25_mkl',
    'was build 24_openblas',
    {
      change: 'rebuilt',
      conda_before: { ...NUMPY, build: '24_openblas' },
      conda_after: { ...NUMPY, build: '25_mkl' }
    }
  ],
  [
    'moved',
    'Was installed by conda, now by pip.',
    'was installed by conda',
    { change: 'moved', conda_before: NUMPY, pypi_after: MYLIB }
  ],
  [
    'channel',
    'From defaults, now from conda-forge.',
    'was from defaults',
    {
      change: 'channel-changed',
      conda_before: { ...NUMPY, channel: 'defaults' },
      conda_after: { ...NUMPY, channel: 'conda-forge' }
    }
  ],
  [
    'source',
    'Other commit: 9f3c2e1 → 77ab01d',
    'was from another source',
    {
      change: 'source-changed',
      pypi_before: { ...MYLIB, source: source('9f3c2e1aaaa') },
      pypi_after: { ...MYLIB, source: source('77ab01dbbbb') }
    }
  ],
  [
    'source',
    'Comes from another source than before.',
    'was from another source',
    {
      change: 'source-changed',
      pypi_before: MYLIB,
      pypi_after: { ...MYLIB, source: source('77ab01dbbbb') }
    }
  ],
  [
    'replaced',
    'Same name and build, other content. Worth a look.',
    'same name and build, other content',
    { change: 'artifact-replaced', conda_before: NUMPY, conda_after: NUMPY }
  ],
  [
    'asked',
    'You asked for it now; before, it was pulled in.',
    'was pulled in, not asked for',
    {
      change: 'requested-changed',
      conda_before: NUMPY,
      conda_after: { ...NUMPY, requested: ['numpy'] }
    }
  ],
  [
    'pulled in',
    'You asked for it before; now, it is pulled in.',
    'was asked for',
    {
      change: 'requested-changed',
      pypi_before: { ...MYLIB, requested: true },
      pypi_after: MYLIB
    }
  ]
])('in a word "%s", in a sentence "%s", beside the line "%s"', (...told) => {
  const [step, note, was, change] = told;
  const packages = [
    { name: 'a', requested: true, change: 'changed' as const, ...change }
  ];
  const [found] = changesOf(diff({ packages }).changes).asked;
  expect(found && stepWords(trans, found)).toBe(step);
  expect(found && noteWords(trans, found)).toBe(note);
  expect(found && wasWords(trans, found)).toBe(was);
});

describe('as Markdown', () => {
  const comparing = {
    before: { reference: 'file:repo/environment.yml', snapshot: null },
    after: { reference: 'kernel:k1', snapshot: null }
  };
  const write = (packages: wire.PackageChange[], facts: wire.FactChange[] = []) =>
    markdownOf(
      trans,
      { ...comparing, own: true, file: null, result: { kind: 'nothing' } },
      changesOf(diff({ packages, facts }).changes),
      new Date()
    );

  it('is a table of what was asked for, and the rest folded', () => {
    const text = write(packageChanges());
    expect(text.split('\n').slice(0, 7)).toEqual([
      '**Environment: environment.yml (repo) → Kernel now**',
      '',
      '| Package | Before | After | Change |',
      '| --- | --- | --- | --- |',
      '| numpy | 1.26.4 | 2.0.1 | major |',
      '| polars (pip) |  | 1.9.0 | new |',
      '| dask | 2024.9.0 |  | gone |'
    ]);
    expect(text).toContain('<details><summary>Pulled in by them: 2 packages</summary>');
    expect(text).toContain('moved. Was installed by conda, now by pip.');
  });

  it('is no way for an environment to write Markdown, HTML or a mention', () => {
    const text = write(
      [],
      [{ name: 'A|B', before: '<img src=x>', after: '[x](y) @someone\n# head' }]
    );
    expect(text).toContain(
      '| A\\|B | \\<img src=x\\> | \\[x\\](y) &#64;someone \\# head |  |'
    );
  });
});
