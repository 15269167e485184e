import { Signal } from '@lumino/signaling';
import { EnvSnap } from '../../src/envsnap';
import { Glance } from '../../src/glance';
import { Hearing } from '../../src/hearing';
import { Model } from '../../src/model';
import { FakeClient, FakeFollower, FakeTimer, settled } from './fakes';
import { environment, SUBJECT, TEXT } from './samples';

const SCHEMAS = 'https://events.jupyter.org/jupyter_envsnap';

async function setUp() {
  const client = new FakeClient();
  const follower = new FakeFollower();
  const glance = new Glance(client, new Model(client, follower, new FakeTimer()));
  const stream = new Signal<object, object>({});
  const envsnap = new EnvSnap(client, glance, new Hearing(stream as never));
  glance.active = true;
  await settled();
  return { client, follower, stream, envsnap };
}

it('tells other extensions which kernel is in front and how its environment stands', async () => {
  const { follower, envsnap } = await setUp();
  expect(envsnap.kernelId).toBe('k1');
  expect(envsnap.standing).toMatchObject({ kind: 'differs', requested: 3 });
  const told = jest.fn();
  envsnap.standingChanged.connect(told);
  follower.subject = { ...SUBJECT, state: 'busy' };
  expect(told).not.toHaveBeenCalled();
  follower.subject = null;
  expect(told).toHaveBeenCalled();
  expect(envsnap.kernelId).toBeNull();
});

it('passes on what the server tells, of whichever kernel', async () => {
  const { stream, envsnap } = await setUp();
  const told: object[] = [];
  envsnap.changed.connect((_, change) => told.push(change));
  stream.emit({ schema_id: `${SCHEMAS}/snapshot/v1`, kernel_id: 'k7' });
  stream.emit({ schema_id: `${SCHEMAS}/drift/v1`, kernel_id: 'k8' });
  expect(told).toEqual([
    { kind: 'history', kernelId: 'k7' },
    { kind: 'environment', kernelId: 'k8' }
  ]);
});

it('answers what it is asked, and keeps what it is told to', async () => {
  const { client, envsnap } = await setUp();
  expect(await envsnap.environment('k1')).toEqual(environment());
  expect(await envsnap.document('k1')).toBe(TEXT);
  expect((await envsnap.drift('k1')).kernel_id).toBe('k1');
  await envsnap.takeSnapshot('k1');
  expect(client.calls).toContain('take');
});
