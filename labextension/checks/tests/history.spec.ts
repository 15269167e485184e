import { Refusal, Unreachable, type IHistoryQuery } from '../../src/client';
import { History, NO_FILTER } from '../../src/history';
import type * as wire from '../../src/wire';
import { FakeClient, FakeFollower, FakeTimer, Later, settled } from './fakes';
import { snapshot, SUBJECT } from './samples';

/** A history on the server: `s0` is the oldest. */
class Kept {
  readonly ids: string[];

  constructor(count: number) {
    this.ids = Array.from({ length: count }, (_, n) => `s${count - 1 - n}`);
  }

  page({ before, limit = 50 }: IHistoryQuery): Promise<wire.SnapshotPage> {
    const start = before === undefined ? 0 : this.ids.indexOf(before) + 1;
    if (before !== undefined && start === 0) {
      return Promise.reject(new Refusal('snapshot-not-found', 'It is gone.', 404));
    }
    const ids = this.ids.slice(start, start + limit);
    const more = start + limit < this.ids.length;
    return Promise.resolve({
      snapshots: ids.map(id => snapshot({ id })),
      next: more ? (ids.at(-1) ?? null) : null,
      ...(before === undefined
        ? { kept: { count: this.ids.length, since: '2026-03-03T10:00:00Z' } }
        : {})
    });
  }
}

async function setUp(count = 250) {
  const client = new FakeClient();
  const follower = new FakeFollower();
  const timer = new FakeTimer();
  const kept = new Kept(count);
  client.onSnapshots = query => kept.page(query);
  const history = new History(client, follower, timer);
  history.visible = true;
  await settled();
  const ids = (): string[] => {
    const { state } = history;
    return state.kind === 'ready' ? state.snapshots.map(({ id }) => id) : [];
  };
  const more = async (): Promise<void> => {
    history.more();
    await settled();
  };
  return { client, follower, timer, kept, history, ids, more };
}

it('is read page by page, without gap or double', async () => {
  const { history, kept, ids, more } = await setUp();
  expect(ids()).toHaveLength(100);
  await more();
  await more();
  expect(ids()).toEqual(kept.ids);
  expect(history.state).toMatchObject({ next: null, kept: { count: 250 } });
  await more();
  expect(ids()).toHaveLength(250);
});

it('keeps the pages that were read when something new comes', async () => {
  const { client, history, kept, ids, more } = await setUp();
  await more();
  kept.ids.unshift('new');
  const asked = client.queries.length;
  history.refresh();
  await settled();
  expect(ids()).toEqual(kept.ids.slice(0, 201));
  expect(client.queries.length).toBe(asked + 1);
  await more();
  expect(ids()).toEqual(kept.ids);
});

it('begins anew where too much came to meet what was there', async () => {
  const { history, kept, ids } = await setUp();
  kept.ids.unshift(...Array.from({ length: 101 }, (_, n) => `new${n}`));
  history.refresh();
  await settled();
  expect(ids()).toEqual(kept.ids.slice(0, 100));
});

it('is read again as far as it was read, where a row is not as it was', async () => {
  const { history, kept, ids, more } = await setUp(1200);
  for (let page = 0; page < 6; page += 1) {
    await more();
  }
  kept.ids.splice(650, 1);
  history.reload();
  await settled();
  expect(ids()).toEqual(kept.ids.slice(0, 700));
});

it('goes on where the row that it was to go on from was deleted', async () => {
  const { kept, ids, more } = await setUp();
  kept.ids.splice(99, 1);
  await more();
  expect(ids()).toEqual(kept.ids.slice(0, 100));
});

it('keeps what it has, and says why there is no more', async () => {
  const { client, history, ids, more } = await setUp();
  client.onSnapshots = () => Promise.reject(new Unreachable());
  await more();
  expect(ids()).toHaveLength(100);
  expect(history.state).toMatchObject({ kind: 'ready', reading: false });
  expect(history.state).toHaveProperty('problem', expect.any(Unreachable));
});

it('drops an answer that comes late', async () => {
  const { client, history, ids } = await setUp();
  const late = new Later<wire.SnapshotPage>();
  client.onSnapshots = () => late.promise;
  history.refresh();
  client.onSnapshots = () =>
    Promise.resolve({ snapshots: [snapshot({ id: 'now' })], next: null });
  history.refresh();
  await settled();
  late.resolve({ snapshots: [snapshot({ id: 'then' })], next: null });
  await settled();
  expect(ids()).toEqual(['now']);
});

it.each([
  ['', {}],
  [' NumPy ', { package: 'numpy' }],
  ['numpy 1.26', { package: 'numpy', version: '1.26' }],
  ['numpy==1.26.4', { package: 'numpy', version: '1.26.4' }]
])('looks for %p', async (typed, asked) => {
  const { client, history, timer } = await setUp();
  history.filter = { ...NO_FILTER, package: typed };
  await timer.pass(1000);
  expect(client.queries.at(-1)).toEqual({
    notebook: SUBJECT.path,
    limit: 100,
    ...asked
  });
});

it('waits until a name is typed', async () => {
  const { client, history, timer } = await setUp();
  const asked = client.queries.length;
  for (const typed of ['n', 'nu', 'numpy']) {
    history.filter = { ...NO_FILTER, package: typed };
    await timer.pass(100);
  }
  expect(client.queries.length).toBe(asked);
  await timer.pass(250);
  expect(client.queries.slice(asked)).toEqual([
    expect.objectContaining({ package: 'numpy' })
  ]);
});

it('lists those of the notebook, of its environment or all', async () => {
  const { client, history } = await setUp();
  history.prefix = '/opt/conda/envs/climate';
  history.filter = { ...NO_FILTER, scope: 'environment' };
  history.filter = { ...NO_FILTER, scope: 'all' };
  history.filter = { ...NO_FILTER, hidden: ['kernel', 'server', 'changed'] };
  await settled();
  expect(client.queries.slice(-3)).toEqual([
    { prefix: '/opt/conda/envs/climate', limit: 100 },
    { limit: 100 },
    { notebook: SUBJECT.path, reason: ['manual', 'saved', 'cli'], limit: 100 }
  ]);
});

it('asks nothing where every reason is hidden', async () => {
  const { client, history, ids } = await setUp();
  const asked = client.queries.length;
  history.filter = { ...NO_FILTER, hidden: ['yours', 'changed', 'kernel', 'server'] };
  await settled();
  expect(ids()).toEqual([]);
  expect(client.queries.length).toBe(asked);
});

it('is another one with another notebook', async () => {
  const { client, follower, history } = await setUp();
  follower.subject = { ...SUBJECT, path: 'other.ipynb' };
  expect(history.state.kind).toBe('reading');
  await settled();
  expect(client.queries.at(-1)).toMatchObject({ notebook: 'other.ipynb' });
});
