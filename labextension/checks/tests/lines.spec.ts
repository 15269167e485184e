import { hitIn, lineOf, search, shapeOf, tokens, wantedOf } from '../../src/lines';
import { TEXT } from './samples';

const LINES = TEXT.trimEnd().split('\n');

it.each([
  ['name: climate', ['key name', 'punct :', 'text  climate']],
  ['dependencies:', ['key dependencies', 'punct :']],
  ['  - conda-forge', ['punct   - ', 'name conda-forge']],
  ['  - numpy==2.0.1', ['punct   - ', 'name numpy', 'punct ==', 'version 2.0.1']],
  ['  - numpy=2.0.1', ['punct   - ', 'name numpy', 'punct =', 'version 2.0.1']],
  ['    - polars==1.9.0', ['punct     - ', 'name polars', 'punct ==', 'version 1.9.0']],
  [
    '  - bioconda::samtools=1.2',
    ['punct   - ', 'name bioconda::samtools', 'punct =', 'version 1.2']
  ],
  ['  - pip:', ['punct   - ', 'key pip', 'punct :']],
  ['# a comment', ['comment # a comment']],
  ['    - -e /src/mylib', ['punct     - ', 'name -e /src/mylib']],
  ['', []]
])('%j is cut into its runs', (line, runs) => {
  expect(tokens(line).map(token => `${token.kind} ${token.text}`)).toEqual(runs);
});

it('loses no character of any line', () => {
  const odd = [
    '\t- x',
    'a=b',
    '- "quoted=1"',
    '  key: "v: w"',
    '  - a >=1,<2',
    '---',
    '  - n=1 # why'
  ];
  for (const line of [...LINES, ...odd]) {
    expect(
      tokens(line)
        .map(token => token.text)
        .join('')
    ).toBe(line);
  }
});

it.each([
  ['xarray', [6]],
  ['XARRAY ', [6]],
  ['=2', [4, 6]],
  ['numpy=2.0', [4]],
  ['Numpy==2', [4]],
  ['numpy=1', []],
  ['2.0.', [4]],
  ['2*0', []],
  ['pip', []],
  ['channels', []],
  ['', []]
])('looks for %j in the entries', (words, found) => {
  expect(search(LINES, words)).toEqual(found);
});

it.each([
  ['  - numpy==2.0.1', 'numpy=2', 'numpy==2'],
  ['  - numpy=2.0.1', 'numpy==2', 'numpy=2'],
  ['  - numpy==2.0.1', '=', '=='],
  ['  - a[b]==1', 'A[B]', 'a[b]'],
  ['  - numpy==2.0.1', 'polars', '']
])('in %j finds %j: %j', (line, words, found) => {
  expect(line.slice(...(hitIn(line, wantedOf(words)) ?? [0, 0]))).toBe(found);
});

it.each([
  ['mylib', 9],
  ['Polars', 8],
  ['numpy', 4],
  ['num', null]
])('finds the line of %s', (name, line) => {
  expect(lineOf(LINES, name)).toBe(line);
});

it('takes the pip line of a package that stands twice', () => {
  const lines = ['  - pillow=10', '  - pip:', '    - Pillow==11'];
  expect(lineOf(lines, 'pillow')).toBe(2);
});

it.each([
  ['environment-json', '    "numpy==2.0.1",', 'numpy=2'],
  ['requirements', 'numpy==2.0.1', 'numpy'],
  ['explicit', 'https://host/linux-64/numpy-2.0.1-0.conda#md5', 'NumPy'],
  ['environment-yaml', '  - numpy==2.0.1', 'numpy']
])('finds a package in %s, and loses no character', (format, line, words) => {
  const shape = shapeOf(format);
  expect(search([line], words, shape)).toEqual([0]);
  expect(
    tokens(line, shape)
      .map(token => token.text)
      .join('')
  ).toBe(line);
});

it.each([
  ['environment-json', '  "name": "numpy",'],
  ['requirements', '# Python 3.12, numpy'],
  ['explicit', '@EXPLICIT numpy']
])('finds none in a line of %s that is about none', (format, line) => {
  expect(search([line], 'numpy', shapeOf(format))).toEqual([]);
});
