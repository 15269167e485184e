import { Refusal, Unreachable } from '../../src/client';
import { Saving } from '../../src/saving';
import type * as wire from '../../src/wire';
import { Writing } from '../../src/writing';
import { FakeClient, Later, settled } from './fakes';
import { localPackage, preview, saveReply } from './samples';

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

describe('what was chosen', () => {
  it('is nothing at first: a file is written as it records', async () => {
    const { client, saving, writing } = setUp();
    writing.chooseProfile('minimal');
    await saving.preview();
    expect(client.previews).toEqual([{ source: 'kernel:k1' }]);
    expect(saving.differsFromShown).toBe(true);
    saving.chooseAsShown();
    await settled();
    expect(client.previews.at(-1)).toEqual({
      source: 'kernel:k1',
      profile: 'minimal',
      exclude: [],
      without: []
    });
  });

  it('is how the panel shows it, for a new file', async () => {
    const { client, saving, writing } = setUp();
    client.onPreview = ({ profile, without = [] }) =>
      Promise.resolve(
        preview({ exists: false, profile: profile ?? 'versions', without: [...without] })
      );
    writing.list = await client.formats();
    writing.chooseProfile('minimal');
    writing.leaveOut({ exclude: [], without: ['jupyter'] });
    await saving.preview();
    expect(saving.state).toMatchObject({ preview: { profile: 'minimal' } });
    expect(saving.differsFromShown).toBe(false);
    await saving.save();
    expect(client.saves[0]).toMatchObject({ profile: 'minimal', without: ['jupyter'] });
  });

  it('is asked for and saved alike', async () => {
    const { client, saving } = setUp();
    await saving.preview();
    saving.chooseMode('replace');
    saving.pins = true;
    saving.chooseProfile('exact');
    saving.leaveOut({ exclude: ['dask'], without: [] });
    await settled();
    const chosen = { loose: 'pin', profile: 'exact', exclude: ['dask'], without: [] };
    expect(client.previews.at(-1)).toMatchObject({ ...chosen, mode: 'replace' });
    expect(saving.writing).toMatchObject({
      profile: 'exact',
      omission: { exclude: ['dask'], without: [] }
    });
    await saving.save();
    expect(client.saves[0]).toMatchObject(chosen);
  });

  it('leaves nothing out of what conda prints', async () => {
    const { client, saving } = setUp();
    saving.leaveOut({ exclude: ['dask'], without: [] });
    saving.chooseProfile('conda');
    await settled();
    expect(client.previews.at(-1)).toMatchObject({ profile: 'conda', exclude: [] });
  });
});

describe('a file that cannot be updated', () => {
  const refusal = new Refusal('cannot-update', 'A name stands twice.', 422);

  function refusing() {
    const parts = setUp();
    parts.client.onPreview = ({ mode }) =>
      mode === 'replace'
        ? Promise.resolve(preview({ mode: 'replace' }))
        : Promise.reject(refusal);
    return parts;
  }

  it('is shown as it would be written anew, and not saved so', async () => {
    const { client, saving } = refusing();
    await saving.preview();
    expect(saving.state).toMatchObject({ kind: 'cannot-update', error: refusal });
    expect(saving.path).toBe('repo/environment.yml');
    await saving.save();
    expect(client.saves).toEqual([]);
  });

  it('is replaced once that was chosen', async () => {
    const { client, saving } = refusing();
    await saving.preview();
    saving.chooseMode('replace');
    expect(saving.canSave).toBe(true);
    await saving.save();
    expect(client.saves[0]).toMatchObject({ mode: 'replace', document_digest: 'new' });
  });
});

describe('another format', () => {
  function byName() {
    const parts = setUp();
    parts.client.onPreview = ({ path = 'repo/climate.yml', format, profile }) =>
      Promise.resolve(
        preview({
          path: path ?? '',
          format: format ?? 'environment-yaml',
          profile: profile ?? 'versions'
        })
      );
    return parts;
  }

  it('is another file in the same folder, and back again the one before', async () => {
    const { client, saving } = byName();
    await saving.preview();
    saving.chooseMode('update');
    saving.chooseFormat('requirements');
    await settled();
    expect(saving.path).toBe('repo/requirements.txt');
    expect(saving.writing?.format.name).toBe('requirements');
    expect(client.previews.at(-1)).toEqual({
      source: 'kernel:k1',
      path: 'repo/requirements.txt',
      format: 'requirements'
    });
    saving.chooseFormat('environment-yaml');
    await settled();
    expect(saving.path).toBe('repo/climate.yml');
  });

  it('keeps the profile that it has, too', async () => {
    const { client, saving } = byName();
    await saving.preview();
    saving.chooseProfile('minimal');
    await settled();
    saving.chooseFormat('requirements');
    await settled();
    expect(client.previews.at(-1)).toMatchObject({ profile: 'minimal' });
    saving.chooseFormat('explicit');
    await settled();
    expect(client.previews.at(-1)?.profile).toBeUndefined();
  });

  it('is that of the name that is typed', async () => {
    const { client, saving } = byName();
    await saving.preview();
    saving.chooseFormat('requirements');
    await settled();
    saving.path = 'repo/other.yml';
    await saving.preview();
    expect(client.previews.at(-1)).toEqual({
      source: 'kernel:k1',
      path: 'repo/other.yml'
    });
  });
});

describe('a name of a format without the profile that was chosen', () => {
  async function typed() {
    const parts = setUp();
    const { client, saving } = parts;
    client.onPreview = ({ path = 'repo/environment.yml', profile = 'versions' }) =>
      path?.endsWith('.txt') && profile === 'minimal'
        ? Promise.reject(new Refusal('profile-unknown', 'There is no minimal.', 400))
        : Promise.resolve(
            preview({
              path: path ?? '',
              format: path?.endsWith('.txt') ? 'explicit' : 'environment-yaml',
              profile: profile ?? ''
            })
          );
    await saving.preview();
    saving.chooseProfile('minimal');
    await settled();
    saving.path = 'repo/explicit.txt';
    await saving.preview();
    expect(saving.state.kind).toBe('failed');
    return parts;
  }

  it('leaves the choice where it was', async () => {
    const { saving } = await typed();
    expect(saving.writing).toMatchObject({
      format: { name: 'environment-yaml' },
      profile: 'minimal'
    });
  });

  it('is taken with another profile', async () => {
    const { saving } = await typed();
    saving.chooseProfile('versions');
    await settled();
    expect(saving.path).toBe('repo/explicit.txt');
    expect(saving.writing?.format.name).toBe('explicit');
    expect(saving.canSave).toBe(true);
  });

  it('is taken with its format', async () => {
    const { saving } = await typed();
    saving.chooseFormat('explicit');
    await settled();
    expect(saving.writing?.format.name).toBe('explicit');
    expect(saving.canSave).toBe(true);
    saving.chooseFormat('environment-yaml');
    await settled();
    expect(saving.path).toBe('repo/environment.yml');
  });
});

it('leaves to another file whether it is updated or replaced', async () => {
  const { client, saving } = setUp();
  await saving.preview();
  saving.chooseMode('update');
  await settled();
  saving.path = 'repo/requirements.txt';
  await saving.preview();
  expect(client.previews.at(-1)?.mode).toBeUndefined();
});

it('keeps the choice of how it is written where there is no preview', async () => {
  const { client, saving } = setUp();
  await saving.preview();
  client.onPreview = () => Promise.reject(new Unreachable());
  saving.path = 'elsewhere/environment.yml';
  await saving.preview();
  expect(saving.writing).toMatchObject({ profile: 'versions' });
});

it('names a package as is asked for, and saves it so', async () => {
  const client = new FakeClient();
  const writing = new Writing();
  const saving = new Saving(client, 'kernel:k1', reply => reply, writing, {
    mylib: 'git'
  });
  await saving.preview();
  expect(client.previews.at(-1)).toMatchObject({ local: { mylib: 'git' } });
  client.onPreview = () => Promise.resolve(preview({ local: [localPackage()] }));
  saving.nameBy('other', 'folder');
  await settled();
  saving.nameBy('mylib', 'folder');
  expect(saving.local).toMatchObject([{ name: 'mylib', named: 'folder' }]);
  saving.nameBy('mylib', 'git');
  await settled();
  await saving.save();
  expect(client.saves[0]?.local).toEqual({ mylib: 'git', other: 'folder' });
});

describe('a save that nobody waits for', () => {
  async function begun() {
    const { client, saving } = setUp();
    const reply = new Later<wire.SaveReply>();
    client.onSave = () => reply.promise;
    await saving.preview();
    void saving.save();
    return { client, saving, reply };
  }

  it('is told when it is done', async () => {
    const { saving, reply } = await begun();
    const outcome = saving.outcome();
    reply.resolve(saveReply());
    expect(await outcome).toEqual(saveReply());
  });

  it.each([
    new Refusal('target-changed', 'Changed.', 409),
    new Refusal('target-read-only', 'No.', 409)
  ])('is told when it wrote nothing', async error => {
    const { saving, reply } = await begun();
    const outcome = saving.outcome();
    reply.reject(error);
    await expect(outcome).rejects.toBe(error);
  });

  it('is nothing where none was begun', async () => {
    const { saving } = setUp();
    await saving.preview();
    expect(await saving.outcome()).toBeNull();
  });

  it.each<[string, (saving: Saving) => unknown]>([
    ['another file', saving => (saving.path = 'other.yml')],
    [
      'another mode',
      saving => {
        saving.chooseMode('replace');
      }
    ],
    [
      'another profile',
      saving => {
        saving.chooseProfile('exact');
      }
    ],
    [
      'another format',
      saving => {
        saving.chooseFormat('requirements');
      }
    ],
    [
      'how the panel shows it',
      saving => {
        saving.chooseAsShown();
      }
    ],
    ['pinning', saving => (saving.pins = true)],
    [
      'a way to name a package',
      saving => {
        saving.nameBy('mylib', 'git');
      }
    ],
    ['another look', saving => saving.preview()]
  ])('does not begin anew with %s', async (_what, choose) => {
    const { client, saving, reply } = await begun();
    const { path, writing } = saving;
    const asked = client.previews.length;
    const outcome = saving.outcome();
    choose(saving);
    await settled();
    expect(saving).toMatchObject({ path, writing, pins: false });
    expect(saving.state.kind).toBe('saving');
    expect(client.previews).toHaveLength(asked);
    reply.resolve(saveReply());
    expect(await outcome).toEqual(saveReply());
  });

  it('is nothing that is known already', async () => {
    const { saving, reply } = await begun();
    reply.reject(new Unreachable());
    await settled();
    expect(await saving.outcome()).toBeNull();
  });

  it('is known to be in the file once the server has written that', async () => {
    const { saving, reply } = await begun();
    saving.heard('repo/another.yml');
    expect(saving.state).toMatchObject({ kind: 'saving', written: false });
    saving.heard('repo/environment.yml');
    expect(saving.state).toMatchObject({ kind: 'saving', written: true });
    reply.resolve(saveReply());
    await settled();
    saving.heard('repo/environment.yml');
    expect(saving.state.kind).toBe('saved');
  });
});
