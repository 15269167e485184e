import { render, screen } from '@testing-library/react';
import React, { type ReactElement } from 'react';
import { SwitchedOff, Unreachable } from '../../src/client';
import { Glance } from '../../src/glance';
import { Model } from '../../src/model';
import type { Standing } from '../../src/state';
import { StatusItem } from '../../src/statusitem';
import { statusWords } from '../../src/statuswords';
import { FakeClient, FakeFollower, FakeTimer, settled } from './fakes';
import { drift, SUBJECT, trans } from './samples';

async function setUp(subject: typeof SUBJECT | null = SUBJECT) {
  const client = new FakeClient();
  const follower = new FakeFollower(subject);
  const model = new Model(client, follower, new FakeTimer());
  const glance = new Glance(client, model);
  await settled();
  return { client, follower, model, glance };
}

it('asks nothing before it is in view, and then once', async () => {
  const { client, glance } = await setUp();
  expect(client.calls).toEqual([]);
  glance.active = true;
  await settled();
  expect(client.calls).toEqual(['drift k1']);
  expect(glance.standing).toMatchObject({ kind: 'differs', requested: 3 });
});

it('asks nothing without a kernel, nor while it starts', async () => {
  const { client, follower, glance } = await setUp(null);
  glance.active = true;
  await settled();
  expect(glance.subject).toBeNull();
  follower.subject = { ...SUBJECT, state: 'starting' };
  await settled();
  expect(client.calls).toEqual([]);
  follower.subject = SUBJECT;
  await settled();
  expect(client.calls).toEqual(['drift k1']);
});

it('asks again when something changed for this kernel', async () => {
  const { client, glance } = await setUp();
  glance.active = true;
  await settled();
  glance.heard('another');
  glance.heard('k1');
  await settled();
  expect(client.calls).toEqual(['drift k1', 'drift k1']);
});

it('takes what the panel has read instead of asking', async () => {
  const { client, model, glance } = await setUp();
  model.visible = true;
  glance.active = true;
  await settled();
  expect(client.calls.filter(call => call.startsWith('drift'))).toHaveLength(1);
  expect(glance.standing.kind).toBe('differs');
});

it('does not go back to what the panel said before it was hidden', async () => {
  const { client, follower, model, glance } = await setUp();
  model.visible = true;
  glance.active = true;
  await settled();
  model.visible = false;
  client.onDrift = () => Promise.resolve(drift());
  glance.heard('k1');
  await settled();
  expect(glance.standing.kind).toBe('same');
  const asked = client.calls.length;
  follower.subject = { ...SUBJECT, state: 'busy' };
  await settled();
  expect(glance.standing.kind).toBe('same');
  expect(client.calls).toHaveLength(asked);
});

it('keeps what it has heard while the panel, in view again, still reads', async () => {
  const { client, model, glance } = await setUp();
  model.visible = true;
  glance.active = true;
  await settled();
  model.visible = false;
  client.onDrift = () => Promise.resolve(drift());
  glance.heard('k1');
  await settled();
  client.onDrift = () => new Promise(() => undefined);
  model.visible = true;
  await settled();
  expect(glance.standing.kind).toBe('same');
});

it('knows nothing where the server does not answer, nor of the kernel before', async () => {
  const { client, follower, glance } = await setUp();
  client.onDrift = () => Promise.reject(new Unreachable());
  glance.active = true;
  await settled();
  expect(glance.standing.kind).toBe('unknown');
  client.onDrift = () => new Promise(() => undefined);
  follower.subject = { ...SUBJECT, kernelId: 'k2' };
  expect(glance.standing.kind).toBe('open');
});

it('says nothing where the extension is switched off on the server', async () => {
  const { client, glance } = await setUp();
  client.onDrift = () => Promise.reject(new SwitchedOff());
  glance.active = true;
  await settled();
  expect(glance.standing.kind).toBe('open');
});

const path = 'repo/environment.yml';

it.each<[string, string, Standing]>([
  ['env ✓', 'climate matches environment.yml', { kind: 'same', path }],
  [
    'env 3 changes',
    '3 changes in climate since environment.yml',
    { kind: 'differs', path, requested: 3, indirect: 9 }
  ],
  [
    'env 1 change',
    '1 change in climate since the last snapshot',
    { kind: 'since-snapshot', requested: 0, indirect: 1 }
  ],
  ['env not saved', 'climate is not in a file of this repository', { kind: 'unsaved' }],
  [
    'env unknown',
    'environment.yml cannot be compared',
    { kind: 'unclear', path, message: '', line: 3 }
  ],
  ['env unknown', 'The environment of this kernel could not be read', { kind: 'unknown' }]
])('says "%s", and in full "%s"', (short, long, standing) => {
  const status = { standing, name: 'climate', changing: null };
  expect(statusWords(trans, status)).toMatchObject({ short, long });
});

it('says nothing until it is known', () => {
  const status = { standing: { kind: 'open' }, name: null, changing: null } as const;
  expect(statusWords(trans, status)).toBeNull();
});

it('says who is at work, above all else', async () => {
  const { client, glance } = await setUp();
  client.onDrift = () => Promise.resolve({ ...drift(), changing: 'pip' });
  glance.active = true;
  await settled();
  expect(statusWords(trans, glance)).toMatchObject({
    short: 'env changing…',
    long: 'pip is at work in climate'
  });
});

it('is a button that leads to the changes', async () => {
  const { glance } = await setUp();
  glance.active = true;
  await settled();
  const clicked = jest.fn();
  class Shown extends StatusItem {
    get view(): ReactElement | null {
      return this.render();
    }
  }
  const item = new Shown(glance, trans, clicked);
  render(<>{item.view}</>);
  const button = screen.getByRole('button', { name: 'env 3 changes' });
  button.click();
  expect(button.title).toBe('3 changes in climate since environment.yml');
  expect(clicked).toHaveBeenCalled();
  item.dispose();
});
