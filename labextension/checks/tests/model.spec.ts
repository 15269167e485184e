import { Refusal, SwitchedOff, Unreachable } from '../../src/client';
import { Model } from '../../src/model';
import { textOf } from '../../src/state';
import type * as wire from '../../src/wire';
import { FakeClient, FakeFollower, FakeTimer, Later, settled } from './fakes';
import { against, drift, environment, kernel, SUBJECT, TEXT } from './samples';

function setUp(subject: typeof SUBJECT | null = SUBJECT) {
  const client = new FakeClient();
  const follower = new FakeFollower(subject);
  const clock = new FakeTimer();
  const model = new Model(client, follower, clock);
  return { client, follower, clock, model };
}

function compared(client: FakeClient): number {
  return client.calls.filter(call => call.startsWith('drift')).length;
}

async function shown() {
  const parts = setUp();
  parts.model.visible = true;
  await settled();
  return parts;
}

describe('reading', () => {
  it('asks nothing before the page is visible', async () => {
    const { client, model } = setUp();
    await settled();
    expect(client.calls).toEqual([]);
    model.visible = true;
    await settled();
    expect(model.state).toMatchObject({
      kind: 'ready',
      reading: { document: { text: TEXT } }
    });
  });

  it('asks nothing without a kernel', async () => {
    const { client, model } = setUp(null);
    model.visible = true;
    await settled();
    expect(model.state).toEqual({ kind: 'no-kernel' });
    expect(client.calls).toEqual([]);
  });

  it('says that it takes time only after 300 ms', async () => {
    const { client, clock, model } = setUp();
    client.onKernel = () => new Later<wire.KernelEnvironment>().promise;
    model.visible = true;
    await clock.pass(299);
    expect(model.state).toMatchObject({ kind: 'reading', slow: false });
    await clock.pass(1);
    expect(model.state).toMatchObject({ kind: 'reading', slow: true });
  });

  it('asks each second how far a slow first reading is, only while it is in view', async () => {
    const { client, clock, model } = setUp();
    const text = new Later<string>();
    client.onDocument = () => text.promise;
    const asked = (): number => client.calls.filter(call => call === 'kernel k1').length;
    model.visible = true;
    await clock.pass(299);
    expect(asked()).toBe(1);
    client.onKernel = () =>
      Promise.resolve(kernel({ first_reading: { done: 88, total: 142 } }));
    await clock.pass(1);
    expect(model.state).toMatchObject({ slow: true, progress: { done: 88, total: 142 } });
    client.onKernel = () => Promise.reject(new Unreachable());
    await clock.pass(1000);
    expect(model.state).toMatchObject({ slow: true, progress: { done: 88, total: 142 } });
    expect(asked()).toBe(3);

    model.visible = false;
    await clock.pass(1000);
    expect(asked()).toBe(3);
    text.resolve(TEXT);
    await settled();
    expect(model.state.kind).toBe('ready');
    client.onKernel = () => Promise.resolve(kernel());
    model.visible = true;
    await settled();
    const after = asked();
    await clock.pass(5000);
    expect(asked()).toBe(after);
  });

  it('keeps the text in view while the server starts the kernel again', async () => {
    const { client, clock, follower, model } = await shown();
    client.onKernel = () =>
      Promise.resolve(kernel({ problem: { code: 'kernel-starting', message: '' } }));
    model.refresh();
    await settled();
    expect(model.state).toMatchObject({ kind: 'ready', refreshing: false });
    expect(textOf(model.reading)).toBe(TEXT);
    follower.subject = { ...SUBJECT, state: 'stopped' };
    await clock.pass(10_000);
    expect(model.state).toMatchObject({ kind: 'dead', reading: { document: {} } });
  });

  it('keeps the text in view while it reads again', async () => {
    const { client, model } = await shown();
    client.onDocument = () => new Later<string>().promise;
    model.refresh();
    await settled();
    expect(model.state).toMatchObject({
      kind: 'ready',
      refreshing: true,
      reading: { document: { text: TEXT } }
    });
  });

  it('drops an answer that comes after a later question', async () => {
    const { client, model } = await shown();
    const late = new Later<string>();
    client.onDocument = () => late.promise;
    model.refresh();
    await settled();
    client.onDocument = () => Promise.resolve('name: newer\n');
    model.refresh();
    await settled();
    late.resolve('name: older\n');
    await settled();
    expect(textOf(model.reading)).toBe('name: newer\n');
  });

  it('drops an answer about a kernel that is no longer in front', async () => {
    const { client, follower, model } = setUp();
    const late = new Later<wire.KernelEnvironment>();
    client.onKernel = () => late.promise;
    model.visible = true;
    await settled();
    client.onKernel = () => Promise.resolve(kernel({ kernel_id: 'k2' }));
    follower.subject = { ...SUBJECT, kernelId: 'k2' };
    await settled();
    late.resolve(kernel({ kernel_id: 'k1', display_name: 'older' }));
    await settled();
    expect(model.reading?.kernel.kernel_id).toBe('k2');
  });

  it('shows a kernel that comes back to the front as it was, while it reads it again', async () => {
    const { client, follower, model } = await shown();
    client.onKernel = () => Promise.resolve(kernel({ kernel_id: 'k2' }));
    follower.subject = { ...SUBJECT, kernelId: 'k2' };
    await settled();
    client.onKernel = () => new Later<wire.KernelEnvironment>().promise;
    follower.subject = SUBJECT;
    expect(model.state).toMatchObject({
      kind: 'ready',
      subject: { kernelId: 'k1' },
      reading: { kernel: { kernel_id: 'k1' } },
      refreshing: true
    });
  });

  it('reads again when the kernel was restarted', async () => {
    const { client, follower } = await shown();
    const before = client.calls.filter(call => call === 'document').length;
    follower.subject = { ...SUBJECT, state: 'starting' };
    follower.subject = { ...SUBJECT, state: 'idle' };
    await settled();
    expect(client.calls.filter(call => call === 'document')).toHaveLength(before + 1);
  });

  it('does not read again because a cell ran', async () => {
    const { client, follower } = await shown();
    const before = client.calls.length;
    follower.subject = { ...SUBJECT, state: 'busy' };
    follower.subject = { ...SUBJECT, state: 'idle' };
    await settled();
    expect(client.calls).toHaveLength(before);
  });
});

describe('how it stands to its file', () => {
  const path = 'repo/environment.yml';
  const changes = { same: false, requested: 2, indirect: 5 };

  it.each<[string, wire.Drift, object]>([
    ['same', drift(against({ name: path })), { path }],
    ['differs', drift(against({ name: path, ...changes })), { path, requested: 2 }],
    ['unsaved', drift(null), {}],
    ['unsaved', drift(null, against({ name: 's1' })), {}],
    ['since-snapshot', drift(null, against({ name: 's1', ...changes })), { indirect: 5 }],
    [
      'unclear',
      drift(
        against({
          name: path,
          problem: { code: 'file-not-understood', message: 'No.', detail: { line: 12 } }
        })
      ),
      { path, message: 'No.', line: 12 }
    ],
    [
      'unclear',
      drift(
        against({
          name: path,
          problem: { code: 'target-not-text', message: '', detail: {} }
        })
      ),
      { path, line: null }
    ]
  ])('is %s', async (kind, answer, more) => {
    const { client, model } = setUp();
    client.onDrift = () => Promise.resolve(answer);
    model.visible = true;
    await settled();
    expect(model.state).toMatchObject({ standing: { kind, ...more } });
  });

  it('tells what changed only of the environment in view', async () => {
    const { client, model } = setUp();
    model.visible = true;
    await settled();
    const first = model.since;
    expect(first?.changes.packages.length).toBeGreaterThan(0);

    const late = new Later<wire.Drift>();
    client.onDrift = () => late.promise;
    model.refresh();
    await settled();
    expect(model.since).toBe(first);

    client.onEnvironment = () => Promise.resolve(environment({ digest: 'd2' }));
    model.refresh();
    await settled();
    expect(model.since).toBeNull();
    late.resolve(drift(null, against({ same: false })));
    await settled();
    expect(model.since?.before).toBe('snapshot:s1');
  });

  it('is passed over in silence where it cannot be compared', async () => {
    const { client, model } = setUp();
    client.onDrift = () => Promise.reject(new Refusal('kernel-not-found', 'No.', 404));
    model.visible = true;
    await settled();
    expect(model.state).toMatchObject({ kind: 'ready', standing: { kind: 'unknown' } });
  });

  it('is compared again when the server tells of this kernel, and of no other', async () => {
    const { client, model } = await shown();
    client.onDrift = () => Promise.resolve(drift(against({ name: path })));
    const before = client.calls.length;
    model.heard('another');
    await settled();
    expect(client.calls).toHaveLength(before);
    model.heard('k1');
    await settled();
    expect(model.state).toMatchObject({ standing: { kind: 'same' } });
  });
});

describe('asking the kernel', () => {
  it('reads again what the answer changed', async () => {
    const { client, model } = await shown();
    client.onKernel = () => Promise.resolve(kernel({ how: 'kernel' }));
    expect((await model.ask())?.how).toBe('kernel');
    await settled();
    expect(model.reading?.kernel.how).toBe('kernel');
    expect(client.calls).toContain('ask k1');
  });

  it('keeps the text while it waits, and asks only once', async () => {
    const { client, model } = await shown();
    const late = new Later<wire.KernelEnvironment>();
    client.onAskKernel = () => late.promise;
    const done = model.ask();
    expect(model.asking.kind).toBe('asking');
    expect(model.askObstacle).toBe('asking');
    expect(model.state).toMatchObject({
      kind: 'ready',
      reading: { document: { text: TEXT } }
    });
    expect(await model.ask()).toBeNull();
    late.resolve(kernel());
    await done;
    expect(client.calls.filter(call => call.startsWith('ask'))).toHaveLength(1);
    expect(model.askObstacle).toBeNull();
  });

  it('loses nothing where there is no answer', async () => {
    const { client, model } = await shown();
    const error = new Refusal('kernel-did-not-answer', 'Not in time.', 504);
    client.onAskKernel = () => Promise.reject(error);
    expect(await model.ask()).toBeNull();
    expect(model.asking).toEqual({ kind: 'failed', error });
    expect(model.state).toMatchObject({
      kind: 'ready',
      reading: { document: { text: TEXT } }
    });
    model.forgetQuestion();
    expect(model.asking.kind).toBe('none');
  });

  it.each([
    [
      'an answer',
      (late: Later<wire.KernelEnvironment>) => {
        late.resolve(kernel());
      }
    ],
    [
      'a failure',
      (late: Later<wire.KernelEnvironment>) => {
        late.reject(new Refusal('kernel-did-not-answer', '', 504));
      }
    ]
  ])('drops %s of a kernel that is no longer in front', async (_what, end) => {
    const { client, follower, model } = await shown();
    const late = new Later<wire.KernelEnvironment>();
    client.onAskKernel = () => late.promise;
    const done = model.ask();
    follower.subject = { ...SUBJECT, kernelId: 'k2' };
    expect(model.asking.kind).toBe('none');
    end(late);
    expect(await done).toBeNull();
    expect(model.asking.kind).toBe('none');
  });

  it.each([
    ['busy', 'busy'],
    ['starting', 'starting'],
    ['stopped', 'away'],
    ['unknown', 'away'],
    ['idle', null]
  ] as const)('of a kernel that is %s meets the obstacle %j', async (state, obstacle) => {
    const { follower, model } = await shown();
    follower.subject = { ...SUBJECT, state };
    expect(model.askObstacle).toBe(obstacle);
  });

  it('is nothing for a kernel that does not speak Python', async () => {
    const { follower, model } = await shown();
    follower.subject = { ...SUBJECT, askable: false };
    expect(model.askObstacle).toBe('foreign');
  });

  it.each([
    ['kernel-without-environment', null, true],
    ['kernel-remote', 'away', false],
    ['prefix-missing', 'away', true]
  ])('and choosing, after %s', async (code, obstacle, mayChoose) => {
    const { client, model } = setUp();
    const problem = { code, message: '' };
    client.onKernel = () => Promise.resolve(kernel({ prefix: null, problem }));
    model.visible = true;
    await settled();
    expect(model.askObstacle).toBe(obstacle);
    expect(model.mayChoose).toBe(mayChoose);
  });
});

describe('choosing', () => {
  it('reads again, and forgets what came of a question', async () => {
    const { client, model } = await shown();
    client.onAskKernel = () => Promise.reject(new Refusal('kernel-busy', '', 409));
    await model.ask();
    client.onKernel = () => Promise.resolve(kernel({ how: 'chosen' }));
    await model.choose('k1', '/opt/conda');
    await settled();
    expect(client.calls).toContain('choose k1 /opt/conda');
    expect(model.reading?.kernel.how).toBe('chosen');
    expect(model.asking.kind).toBe('none');
  });

  it('says nothing of the file before the other environment was compared', async () => {
    const { client, model } = await shown();
    expect(model.state).toMatchObject({ standing: { kind: 'differs' } });
    const prefix = { path: '/opt/conda', kind: 'conda' } as const;
    client.onKernel = () => Promise.resolve(kernel({ prefix, how: 'chosen' }));
    client.onEnvironment = () => Promise.resolve(environment({ name: 'base' }));
    client.onDrift = () => new Later<wire.Drift>().promise;
    await model.choose('k1', '/opt/conda');
    await settled();
    expect(model.state).toMatchObject({ kind: 'ready', standing: { kind: 'open' } });
  });

  it('is over for who may not write', async () => {
    const { client, model } = await shown();
    client.onChoosePrefix = () => Promise.reject(new Refusal('forbidden', '', 403));
    await expect(model.choose('k1', null)).rejects.toThrow(Refusal);
    expect(model.mayChoose).toBe(false);
    expect(model.state.kind).toBe('ready');
  });

  it('leaves a page without text as it is until reading takes long', async () => {
    const { client, clock, model } = setUp();
    const problem = { code: 'kernel-without-environment', message: '' };
    client.onKernel = () => Promise.resolve(kernel({ prefix: null, problem }));
    model.visible = true;
    await settled();
    client.onKernel = () => new Later<wire.KernelEnvironment>().promise;
    await model.choose('k1', '/opt/conda');
    await clock.pass(299);
    expect(model.state.kind).toBe('no-environment');
    await clock.pass(1);
    expect(model.state).toMatchObject({ kind: 'reading', slow: true });
  });
});

describe('what went wrong', () => {
  it.each([
    ['remote', 'kernel-remote'],
    ['no-environment', 'kernel-without-environment'],
    ['no-environment', 'not-an-environment'],
    ['missing', 'prefix-missing'],
    ['unreadable', 'prefix-unreadable'],
    ['unreadable', 'read-timed-out'],
    ['starting', 'kernel-starting']
  ])('is the state "%s" for %s', async (kind, code) => {
    const { client, model } = setUp();
    const problem = { code, message: 'In words.' };
    client.onKernel = () => Promise.resolve(kernel({ prefix: null, problem }));
    model.visible = true;
    await settled();
    expect(model.state.kind).toBe(kind);
  });

  it('is "forbidden" for 403 and "off" without our routes', async () => {
    const { client, model } = await shown();
    client.onEnvironment = () => Promise.reject(new Refusal('forbidden', '', 403));
    model.refresh();
    await settled();
    expect(model.state.kind).toBe('forbidden');
    client.onEnvironment = () => Promise.reject(new SwitchedOff());
    model.refresh();
    await settled();
    expect(model.state.kind).toBe('off');
  });

  it('keeps the text when the server is gone, and tries again after 2, 4, 8 … 60 s', async () => {
    const { client, clock, model } = await shown();
    client.onKernel = () => Promise.reject(new Unreachable());
    model.refresh();
    await settled();
    const waits: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      if (model.state.kind !== 'unreachable') {
        throw new Error(model.state.kind);
      }
      expect(textOf(model.state.reading)).toBe(TEXT);
      const wait = model.state.retryAt.getTime() - clock.now().getTime();
      waits.push(wait / 1000);
      await clock.pass(wait);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60]);
    client.onKernel = () => Promise.resolve(kernel());
    await clock.pass(60_000);
    expect(model.state.kind).toBe('ready');
  });

  it('keeps the text where the server has too much to do', async () => {
    const { client, model } = await shown();
    client.onKernel = () => Promise.reject(new Refusal('too-many-requests', '', 429));
    model.refresh();
    await settled();
    expect(model.state).toMatchObject({
      kind: 'unreachable',
      reading: { document: { text: TEXT } }
    });
  });

  it('is not tried again while the page is hidden', async () => {
    const { client, clock, model } = await shown();
    client.onKernel = () => Promise.reject(new Unreachable());
    model.refresh();
    await settled();
    model.visible = false;
    const before = client.calls.length;
    await clock.pass(120_000);
    expect(client.calls).toHaveLength(before);
  });

  it('keeps it, too, when the server has forgotten that kernel', async () => {
    const { client, follower, model } = await shown();
    follower.subject = { ...SUBJECT, state: 'stopped' };
    client.onKernel = () => Promise.resolve(null);
    model.refresh();
    await settled();
    expect(model.state).toMatchObject({ kind: 'dead', reading: { document: {} } });
    expect(textOf(model.reading)).toBe(TEXT);
  });

  it('keeps the text of a kernel that died, with the time', async () => {
    const { follower, clock, model } = await shown();
    follower.subject = { ...SUBJECT, state: 'stopped' };
    expect(model.state).toMatchObject({
      kind: 'dead',
      at: clock.now(),
      reading: { document: { text: TEXT } }
    });
    follower.subject = { ...SUBJECT, state: 'starting' };
    expect(model.state.kind).toBe('starting');
    follower.subject = { ...SUBJECT, state: 'idle' };
    await settled();
    expect(model.state.kind).toBe('ready');
  });

  it('takes back the right to write after a 403 to a write', async () => {
    const { client, model } = await shown();
    client.onTakeSnapshot = () => Promise.reject(new Refusal('forbidden', '', 403));
    await expect(model.takeSnapshot()).rejects.toThrow(Refusal);
    expect(model.mayWrite).toBe(false);
    expect(model.state.kind).toBe('ready');
  });
});

describe('how it is written', () => {
  it('is asked for as it was chosen, and the text follows', async () => {
    const { client, model } = await shown();
    expect(client.written.at(-1)).toEqual({
      format: 'environment-yaml',
      profile: 'versions'
    });
    client.onDocument = () => Promise.resolve('name: short\n');
    model.writing.chooseProfile('minimal');
    expect(textOf(model.reading)).toBe(TEXT);
    await settled();
    expect(textOf(model.reading)).toBe('name: short\n');
    expect(client.written.at(-1)?.profile).toBe('minimal');
  });

  it('changes nothing of how it stands to its file', async () => {
    const { client, model } = await shown();
    const before = compared(client);
    model.writing.chooseProfile('minimal');
    await settled();
    expect(compared(client)).toBe(before);
    expect(model.state).toMatchObject({ kind: 'ready', standing: { kind: 'differs' } });
  });

  it('is compared with its file still, where that was under way', async () => {
    const { client, model } = await shown();
    client.onDrift = () => new Later<wire.Drift>().promise;
    model.refresh();
    await settled();
    client.onDrift = () => Promise.resolve(drift(against()));
    model.writing.chooseProfile('minimal');
    await settled();
    expect(model.state).toMatchObject({ standing: { kind: 'same' } });
  });

  it('tells what cannot be written so, and keeps the rest', async () => {
    const { client, model } = await shown();
    const refusal = new Refusal('option-refused', 'Not of a venv.', 400);
    client.onDocument = () => Promise.reject(refusal);
    model.writing.chooseProfile('conda');
    await settled();
    expect(model.state).toMatchObject({
      kind: 'ready',
      reading: { document: { kind: 'refused', refusal } }
    });
  });
});
