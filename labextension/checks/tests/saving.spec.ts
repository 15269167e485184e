import { Refusal, Unreachable } from '../../src/client';
import { Saving } from '../../src/saving';
import type * as wire from '../../src/wire';
import { Writing } from '../../src/writing';
import { FakeClient, Later, settled } from './fakes';
import { preview } from './samples';

function setUp() {
  const client = new FakeClient();
  const writing = new Writing();
  const saving = new Saving(client, 'kernel:k1', reply => reply, writing);
  return { client, saving, writing };
}

it('saves exactly what the preview showed', async () => {
  const { client, saving } = setUp();
  await saving.preview();
  await saving.save();
  expect(client.saves).toEqual([
    {
      source: 'kernel:k1',
      path: 'repo/environment.yml',
      mode: 'update',
      base_digest: 'old',
      place_digest: 'here',
      document_digest: 'new',
      commit: { message: 'env: numpy 1.26.4 → 2.0.1' }
    }
  ]);
  expect(saving.state.kind).toBe('saved');
});

it('saves nothing before the preview is there', async () => {
  const { client, saving } = setUp();
  client.onPreview = () => new Later<wire.SavePreview>().promise;
  void saving.preview();
  await saving.save();
  expect(client.saves).toEqual([]);
});

it.each([
  ['target-changed', 'file'],
  ['document-changed', 'environment']
])('asks to look again after %s, and keeps the message', async (code, what) => {
  const { client, saving } = setUp();
  client.onSave = () => Promise.reject(new Refusal(code, 'Changed.', 409));
  await saving.preview();
  saving.message = 'my own words';
  await saving.save();
  expect(saving.state).toMatchObject({ kind: 'stale', what });
  expect(saving.canSave).toBe(false);
  await saving.preview();
  expect(saving.canSave).toBe(true);
  expect(saving.message).toBe('my own words');
});

it('may be tried again after a failure', async () => {
  const { client, saving } = setUp();
  client.onSave = () => Promise.reject(new Unreachable());
  await saving.preview();
  await saving.save();
  expect(saving.state.kind).toBe('failed');
  client.onSave = new FakeClient().onSave;
  await saving.save();
  expect(saving.state.kind).toBe('saved');
});

it('makes no commit where none can be made', async () => {
  const { client, saving } = setUp();
  const commit_problem = { code: 'git-no-repository', message: 'No repository.' };
  client.onPreview = () => Promise.resolve(preview({ commit_problem, repository: null }));
  await saving.preview();
  expect(saving.mayCommit).toBe(false);
  await saving.save();
  expect(client.saves[0]?.commit).toBeNull();
});

it('wants words for a commit', async () => {
  const { saving } = setUp();
  await saving.preview();
  saving.message = '  ';
  expect(saving.canSave).toBe(false);
  saving.commit = false;
  expect(saving.canSave).toBe(true);
});

it('forgets the preview of a path that is no longer wanted', async () => {
  const { client, saving } = setUp();
  const late = new Later<wire.SavePreview>();
  client.onPreview = () => late.promise;
  void saving.preview();
  saving.path = 'other.yml';
  late.resolve(preview());
  await settled();
  expect(saving.state.kind).toBe('previewing');
  expect(saving.path).toBe('other.yml');
  client.onPreview = () => Promise.resolve(preview({ path: 'other.yml' }));
  await saving.preview();
  expect(client.calls.at(-1)).toBe('preview kernel:k1 other.yml');
  expect(saving.canSave).toBe(true);
});
