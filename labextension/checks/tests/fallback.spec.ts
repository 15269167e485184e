import { Unreachable } from '../../src/client';
import { Fallback } from '../../src/fallback';
import type { ISubject } from '../../src/kernel';
import { FakeClient, FakeTimer } from './fakes';
import { kernel, SUBJECT } from './samples';

const MINUTE = 60_000;

function setUp() {
  const client = new FakeClient();
  const timer = new FakeTimer();
  const front: { subject: ISubject | null; hidden: boolean } = {
    subject: SUBJECT,
    hidden: false
  };
  const changed = jest.fn();
  const fallback = new Fallback({
    client,
    timer,
    subject: () => front.subject,
    hidden: () => front.hidden,
    changed
  });
  fallback.start();
  return { client, timer, front, changed, fallback };
}

it('looks at once in a while, and less often while nothing changes', async () => {
  const { client, timer, changed } = setUp();
  const looks: number[] = [];
  for (let half = 1; half <= 40; half += 1) {
    const before = client.calls.length;
    await timer.pass(MINUTE / 2);
    if (client.calls.length > before) {
      looks.push(half / 2);
    }
  }
  expect(looks).toEqual([0.5, 1.5, 3.5, 7.5, 12.5, 17.5]);
  expect(changed).not.toHaveBeenCalled();
});

it('tells of a change of which no event told, and looks soon again', async () => {
  const { client, timer, changed } = setUp();
  await timer.pass(MINUTE / 2);
  client.onKernel = () => Promise.resolve(kernel({ fingerprint: 'another' }));
  await timer.pass(MINUTE);
  expect(changed).toHaveBeenCalledWith('k1');
  const before = client.calls.length;
  await timer.pass(MINUTE / 2);
  expect(client.calls.length).toBe(before + 1);
  expect(changed).toHaveBeenCalledTimes(1);
});

it('does not look while events come through', async () => {
  const { client, timer, fallback } = setUp();
  for (let minute = 0; minute < 30; minute += 1) {
    fallback.heard();
    await timer.pass(MINUTE);
  }
  expect(client.calls).toEqual([]);
});

it('asks nothing without a kernel, nor while nobody looks', async () => {
  const { client, timer, front } = setUp();
  front.subject = null;
  await timer.pass(MINUTE);
  front.subject = SUBJECT;
  front.hidden = true;
  await timer.pass(MINUTE);
  expect(client.calls).toEqual([]);
});

it('takes another kernel for no change, nor an answer that does not come', async () => {
  const { client, timer, front, changed } = setUp();
  await timer.pass(MINUTE / 2);
  front.subject = { ...SUBJECT, kernelId: 'k2' };
  client.onKernel = () => Promise.resolve(kernel({ kernel_id: 'k2', fingerprint: 'x' }));
  await timer.pass(MINUTE);
  client.onKernel = () => Promise.reject(new Unreachable());
  await timer.pass(2 * MINUTE);
  client.onKernel = () => Promise.resolve(kernel({ kernel_id: 'k2', fingerprint: 'y' }));
  await timer.pass(4 * MINUTE);
  expect(client.calls).toHaveLength(4);
  expect(changed).not.toHaveBeenCalled();
});
