import { changedFrom, changedLines, changeMarks, withLocal } from '../../src/marks';
import type * as wire from '../../src/wire';
import { diff, FORMATS, outline, trans, written } from './samples';

const removed = (name: string, by: 'conda' | 'pypi'): wire.PackageChange => {
  const conda = { name, version: '1', build: '', channel: '', subdir: '' };
  return by === 'conda'
    ? { name, change: 'removed', requested: false, conda_before: conda }
    : { name, change: 'removed', requested: false, pypi_before: { name, version: '1' } };
};

function goneAt(packages: wire.PackageChange[], document = written()) {
  const marks = changeMarks(trans, document, diff({ packages }).changes);
  return [...marks].map(([line, { gone }]) => [line + 1, gone.join(', ')]);
}

it.each<[string, 'conda' | 'pypi', number]>([
  ['aiohttp', 'conda', 4],
  ['openssl', 'conda', 5],
  ['zlib', 'conda', 7],
  ['attrs', 'pypi', 8],
  ['zict', 'pypi', 10]
])('shows that %s of %s is gone below line %i', (name, by, line) => {
  expect(goneAt([removed(name, by)])).toEqual([[line, `${name} 1`]]);
});

it('shows below the last line that pip has nothing any more', () => {
  const entries = outline().entries.filter(({ kind }) => kind === 'conda');
  const document = written({ outline: outline({ entries }) });
  expect(goneAt([removed('polars', 'pypi')], document)).toEqual([[7, 'polars 1']]);
});

it('shows nothing gone that would not be in the text', () => {
  const [, explicit] = FORMATS.formats;
  const entries = outline().entries.filter(({ kind }) => kind === 'conda');
  const list = written({ format: explicit, outline: outline({ entries }) });
  expect(goneAt([removed('polars', 'pypi')], list)).toEqual([]);
  expect(goneAt([removed('openssl', 'conda')], written({ profile: 'minimal' }))).toEqual(
    []
  );
});

it('says on one line what is new and that it is only here', () => {
  const packages: wire.PackageChange[] = [
    {
      name: 'mylib',
      change: 'moved',
      requested: true,
      conda_before: { name: 'mylib', version: '1', build: '', channel: '', subdir: '' },
      pypi_after: { name: 'mylib', version: '1' }
    }
  ];
  const marks = withLocal(
    changeMarks(trans, written(), diff({ packages }).changes),
    [9, null],
    'only here'
  );
  expect(marks.get(9)).toEqual({
    sign: 'added',
    warns: true,
    notes: ['was installed by conda', 'only here'],
    gone: [],
    said: ['Added: mylib, was installed by conda']
  });
  expect(changedLines(marks)).toEqual([3, 9]);
  expect(changedLines(withLocal(new Map(), [9], 'only here'))).toEqual([]);
});

it('leaves out what only details of changed', () => {
  const packages: wire.PackageChange[] = [
    {
      name: 'polars',
      change: 'details',
      requested: true,
      pypi_before: { name: 'polars', version: '1' },
      pypi_after: { name: 'polars', version: '1' }
    }
  ];
  expect(changeMarks(trans, written(), diff({ packages }).changes).size).toBe(0);
});

it('goes from the last changed line to the first, and back', () => {
  expect(changedFrom([3, 9], -1, 1)).toBe(3);
  expect(changedFrom([3, 9], 3, 1)).toBe(9);
  expect(changedFrom([3, 9], 9, 1)).toBe(3);
  expect(changedFrom([3, 9], 3, -1)).toBe(9);
  expect(changedFrom([], 3, 1)).toBeNull();
});

it('marks three thousand changes at once', () => {
  const names = Array.from({ length: 3000 }, (_, index) => `package-${index}`);
  const entries = names.map((name, index): wire.Entry => {
    return { line: index + 5, name, kind: 'conda', version: '2', why: 'leaf' };
  });
  const packages = names.map((name): wire.PackageChange => {
    const conda = { name, version: '1', build: '', channel: '', subdir: '' };
    const after = { ...conda, version: '2' };
    const change = 'upgraded' as const;
    return { name, change, requested: true, conda_before: conda, conda_after: after };
  });
  const started = performance.now();
  const document = written({ outline: outline({ entries }) });
  const marks = changeMarks(trans, document, diff({ packages }).changes);
  expect(marks.size).toBe(3000);
  expect(performance.now() - started).toBeLessThan(500);
});
