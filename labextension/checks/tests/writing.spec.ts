import { isPackageName, toggled, Writing } from '../../src/writing';
import { whyWords, omissionWords } from '../../src/writingwords';
import type * as wire from '../../src/wire';
import { FORMATS, trans } from './samples';

function setUp(): Writing {
  const writing = new Writing();
  writing.list = FORMATS;
  return writing;
}

it('leaves all to the server before it is known what there is', () => {
  const writing = new Writing();
  expect(writing.state).toBeNull();
  expect(writing.query).toEqual({});
});

it('begins with the first format, and the first profile of it', () => {
  const writing = setUp();
  expect(writing.query).toEqual({ format: 'environment-yaml', profile: 'versions' });
  expect(writing.isChosen).toBe(false);
  writing.chooseFormat('explicit');
  expect(writing.query).toEqual({ format: 'explicit', profile: 'exact' });
});

it('keeps the profile that was chosen where a format has it, and comes back to it', () => {
  const writing = setUp();
  writing.chooseProfile('minimal');
  writing.chooseFormat('explicit');
  expect(writing.state?.profile).toBe('exact');
  writing.chooseFormat('requirements');
  expect(writing.state?.profile).toBe('minimal');
});

it('leaves nothing out of what conda prints, and remembers what to leave out', () => {
  const writing = setUp();
  writing.leaveOut({ exclude: ['numpy'], without: ['jupyter'] });
  expect(writing.query).toMatchObject({ exclude: ['numpy'], without: ['jupyter'] });
  writing.chooseProfile('conda');
  expect(writing.query).toEqual({ format: 'environment-yaml', profile: 'conda' });
  writing.chooseProfile('minimal');
  expect(writing.query.exclude).toEqual(['numpy']);
});

it('asks for no snapshot as conda prints it', () => {
  const writing = setUp();
  writing.chooseProfile('conda');
  expect(writing.keptQuery).toEqual({ format: 'environment-yaml' });
  expect(writing.state?.keptProfile).toBe('versions');
  writing.chooseProfile('exact');
  expect(writing.keptQuery.profile).toBe('exact');
});

it('tells of each choice', () => {
  const writing = setUp();
  let told = 0;
  writing.changed.connect(() => (told += 1));
  writing.chooseFormat('explicit');
  writing.chooseProfile('exact');
  writing.leaveOut({ exclude: ['a'], without: [] });
  expect(told).toBe(3);
});

it('takes a name back however it is written', () => {
  expect(toggled(['Ruamel.yaml', 'b'], 'ruamel-yaml')).toEqual(['b']);
  expect(toggled(['b'], 'a')).toEqual(['b', 'a']);
});

it.each([
  ['numpy', true],
  ['ruamel.yaml', true],
  ['_libgcc_mutex', true],
  ['numpy=1', false],
  ['a b', false],
  ['-e', false],
  ['', false]
])('knows whether %j is a name', (name, is) => {
  expect(isPackageName(name)).toBe(is);
});

const CASES: [Partial<wire.Entry>, string][] = [
  [
    { why: 'requested', because: ['numpy>=1.24', 'numpy'] },
    'You asked for it: numpy>=1.24, numpy'
  ],
  [{ why: 'requested' }, 'You asked for it'],
  [{ why: 'leaf' }, 'Nothing else needs it'],
  [{ why: 'python', because: ['python=3.12'] }, 'Python: the rest runs on it'],
  [{ why: 'pip' }, 'It installs the pip packages'],
  [{ why: 'needed', because: ['pandas'] }, 'Needed by pandas'],
  [{ why: 'needed', because: ['a', 'b', 'c', 'd', 'e'] }, 'Needed by a, b, c and 2 more']
];

it.each(CASES)('says of %j why it is there', (change, words) => {
  const entry = { line: 1, kind: 'conda', name: 'x', version: '1', why: 'leaf' } as const;
  expect(whyWords(trans, { ...entry, ...change })).toBe(words);
});

it('names what is left out, groups in words', () => {
  const omission = { exclude: ['numpy'], without: ['jupyter', 'lab-tools', 'gone'] };
  expect(omissionWords(trans, FORMATS.groups ?? [], omission)).toBe(
    'Jupyter, lab-tools, gone, numpy'
  );
});
