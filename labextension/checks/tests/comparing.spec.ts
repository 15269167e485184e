import { Refusal } from '../../src/client';
import { Comparing, sideOf } from '../../src/comparing';
import { Model } from '../../src/model';
import { FakeClient, FakeFollower, FakeTimer, settled } from './fakes';
import { against, diff, drift, SUBJECT } from './samples';

async function setUp(prepare: (client: FakeClient) => void = () => undefined) {
  const client = new FakeClient();
  prepare(client);
  const follower = new FakeFollower(SUBJECT);
  const model = new Model(client, follower, new FakeTimer());
  const comparing = new Comparing(client, model);
  model.visible = true;
  comparing.visible = true;
  await settled();
  return { client, follower, model, comparing };
}

const asked = ({ calls }: FakeClient) => calls.filter(call => call.startsWith('diff'));

it('shows what the model has read, without asking again', async () => {
  const { client, comparing } = await setUp();
  expect(comparing.state).toMatchObject({
    before: { reference: 'file:environment.yml' },
    after: { reference: 'kernel:k1' },
    own: true,
    file: 'environment.yml',
    result: { kind: 'ready' }
  });
  expect(asked(client)).toEqual([]);
});

it('compares with the last snapshot where there is no file', async () => {
  const { comparing } = await setUp(client => {
    client.onDrift = () => Promise.resolve(drift(null, against({ name: 's1' })));
  });
  expect(comparing.state.before?.reference).toBe('snapshot:s1');
  expect(comparing.state.result.kind).toBe('ready');
});

it('has nothing to compare before the first snapshot', async () => {
  const { comparing } = await setUp(client => {
    client.onDrift = () => Promise.resolve(drift(null, null));
  });
  expect(comparing.state.before).toBeNull();
  expect(comparing.state.result.kind).toBe('nothing');
});

it('says why the file cannot be compared', async () => {
  const problem = { code: 'unreadable', message: 'Line 12.', detail: {} };
  const { comparing } = await setUp(client => {
    client.onDrift = () => Promise.resolve(drift(against({ problem })));
  });
  expect(comparing.state.result).toEqual({
    kind: 'failed',
    error: new Error('Line 12.')
  });
});

it('says why the server did not compare', async () => {
  const refusal = new Refusal('prefix-missing', 'Gone.', 404);
  const { comparing } = await setUp(client => {
    client.onDrift = () => Promise.reject(refusal);
  });
  expect(comparing.state.result).toEqual({ kind: 'failed', error: refusal });
});

it('compares any two, swaps them, and again when the environment changed', async () => {
  const { client, model, comparing } = await setUp();
  comparing.choose(sideOf('rev:main:environment.yml'), null);
  await settled();
  comparing.swap();
  await settled();
  model.refresh();
  await settled();
  expect(asked(client)).toEqual([
    'diff rev:main:environment.yml kernel:k1',
    'diff kernel:k1 rev:main:environment.yml',
    'diff kernel:k1 rev:main:environment.yml'
  ]);
  expect(comparing.state.own).toBe(false);
});

it('is the kernel’s own again where just that is chosen', async () => {
  const { client, comparing } = await setUp();
  comparing.choose(sideOf('file:a.yml'), null);
  await settled();
  comparing.choose(sideOf('file:environment.yml'), sideOf('kernel:k1'));
  await settled();
  expect(comparing.state).toMatchObject({ own: true, result: { kind: 'ready' } });
  expect(asked(client)).toHaveLength(1);
});

it('keeps what is in view while it is read again, and drops a late answer', async () => {
  const { client, comparing } = await setUp();
  comparing.choose(sideOf('file:a.yml'), null);
  await settled();
  const late: (() => void)[] = [];
  client.onDiff = (before, after) =>
    new Promise(resolve => {
      late.push(() => {
        resolve(diff({ before, after }));
      });
    });
  comparing.refresh();
  expect(comparing.state.result).toMatchObject({
    kind: 'reading',
    diff: { before: 'file:a.yml' }
  });
  comparing.choose(sideOf('file:b.yml'), null);
  expect(comparing.state.result).toEqual({ kind: 'reading', diff: null });
  late.reverse().forEach(answer => {
    answer();
  });
  await settled();
  expect(comparing.state.result).toMatchObject({ diff: { before: 'file:b.yml' } });
});

it('keeps why it failed in view while it is tried again', async () => {
  const { client, comparing } = await setUp();
  client.onDiff = () => Promise.reject(new Refusal('no-such-revision', 'No.', 404));
  comparing.choose(sideOf('rev:nowhere:environment.yml'), null);
  await settled();
  client.onDiff = (before, after) => Promise.resolve(diff({ before, after }));
  comparing.refresh();
  expect(comparing.state.result.kind).toBe('failed');
  await settled();
  expect(comparing.state.result.kind).toBe('ready');
});

it('forgets what was chosen with its kernel', async () => {
  const { follower, comparing } = await setUp();
  comparing.choose(sideOf('file:a.yml'), null);
  await settled();
  follower.subject = { ...SUBJECT, kernelId: 'k2' };
  await settled();
  expect(comparing.state).toMatchObject({ own: true, after: { reference: 'kernel:k2' } });
});

it('asks nothing while it is not in view', async () => {
  const { client, comparing } = await setUp();
  comparing.visible = false;
  comparing.choose(sideOf('file:a.yml'), null);
  await settled();
  expect(asked(client)).toEqual([]);
  comparing.visible = true;
  await settled();
  expect(asked(client)).toEqual(['diff file:a.yml kernel:k1']);
});
