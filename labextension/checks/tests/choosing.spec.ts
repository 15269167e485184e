import { Choosing, choiceOf, matching } from '../../src/choosing';
import { Refusal, Unreachable } from '../../src/client';
import type * as wire from '../../src/wire';
import { FakeClient, Later, settled } from './fakes';
import { candidate, kernel, known } from './samples';

const ALL = [known('alpha'), known('base', '/opt/conda'), known('climate')];

function setUp() {
  const client = new FakeClient();
  const taken: (string | null)[] = [];
  const choosing = new Choosing(client, 'k1', path => {
    taken.push(path);
    return Promise.resolve();
  });
  return { client, choosing, taken };
}

describe('the choice', () => {
  it('begins with what is shown and what others name, by trust', () => {
    const { options, chosen } = choiceOf(
      kernel({
        alternatives: [
          candidate('environ', '/opt/conda'),
          candidate('kernelspec', '/gone')
        ]
      }),
      ALL
    );
    expect(options.map(({ known: { name }, shown, how }) => [name, shown, how])).toEqual([
      ['climate', true, 'process'],
      ['base', false, 'environ'],
      ['alpha', false, null]
    ]);
    expect(chosen).toBe(false);
  });

  it('may be taken back where it was made', () => {
    expect(choiceOf(kernel({ how: 'chosen' }), ALL).chosen).toBe(true);
  });

  it.each([
    ['CLIM', ['climate']],
    ['/opt/conda ', ['alpha', 'base', 'climate']],
    ['ana’s r', ['r']],
    ['', ['alpha', 'base', 'climate', 'r']],
    ['nothing', []]
  ])('is searched for %j in names, folders and kernels', (words, found) => {
    const r = known('r', '/usr/r', { kernels: ['Ana’s R'] });
    const { options } = choiceOf(kernel({ prefix: null }), [...ALL, r]);
    expect(matching(options, words).map(option => option.known.name)).toEqual(found);
  });
});

it('looks around, and takes what was chosen', async () => {
  const { choosing, taken } = setUp();
  expect(choosing.state.kind).toBe('looking');
  await choosing.look();
  expect(choosing.state).toMatchObject({ kind: 'ready', choice: { chosen: false } });
  await choosing.choose('/opt/conda');
  expect(taken).toEqual(['/opt/conda']);
  expect(choosing.state.kind).toBe('chosen');
});

it('chooses nothing before there is something to choose from', async () => {
  const { client, choosing, taken } = setUp();
  client.onPrefixes = () => new Later<wire.KnownPrefix[]>().promise;
  void choosing.look();
  await choosing.choose('/opt/conda');
  expect(taken).toEqual([]);
});

it('keeps the list where a choice is refused, and looks again', async () => {
  const client = new FakeClient();
  const error = new Refusal('prefix-refused', 'No.', 403);
  const choosing = new Choosing(client, 'k1', () => Promise.reject(error));
  await choosing.look();
  await choosing.choose('/opt/conda');
  expect(choosing.state).toMatchObject({ kind: 'failed', error, choice: {} });
  client.onPrefixes = () => Promise.resolve([known('other')]);
  await choosing.look();
  expect(choosing.state).toMatchObject({
    kind: 'ready',
    choice: { options: [{ known: { name: 'other' } }] }
  });
});

it.each([
  [
    'a server that is gone',
    (client: FakeClient) => {
      client.onPrefixes = () => Promise.reject(new Unreachable());
    }
  ],
  [
    'a kernel that is gone',
    (client: FakeClient) => {
      client.onKernel = () => Promise.resolve(null);
    }
  ]
])('tells of %s', async (_what, breakIt) => {
  const { client, choosing } = setUp();
  breakIt(client);
  await choosing.look();
  expect(choosing.state).toMatchObject({ kind: 'failed', choice: null });
});

it('drops a list that comes after a later one', async () => {
  const { client, choosing } = setUp();
  const late = new Later<wire.KnownPrefix[]>();
  client.onPrefixes = () => late.promise;
  void choosing.look();
  client.onPrefixes = () => Promise.resolve([known('newer')]);
  await choosing.look();
  late.resolve([known('older')]);
  await settled();
  expect(choosing.state).toMatchObject({
    choice: { options: [{ known: { name: 'newer' } }] }
  });
});

it('is not drawn back from a choice by a list that comes late', async () => {
  const client = new FakeClient();
  const taking = new Later<undefined>();
  const choosing = new Choosing(client, 'k1', () => taking.promise);
  await choosing.look();
  const late = new Later<wire.KnownPrefix[]>();
  client.onPrefixes = () => late.promise;
  void choosing.look();
  const done = choosing.choose('/opt/conda');
  late.resolve([known('other')]);
  await settled();
  expect(choosing.state.kind).toBe('choosing');
  taking.resolve(undefined);
  await done;
  expect(choosing.state.kind).toBe('chosen');
});
