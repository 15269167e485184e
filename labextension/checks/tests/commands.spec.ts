import { Notification } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { Refusal } from '../../src/client';
import type { Choosing } from '../../src/choosing';
import { addCommands } from '../../src/commands';
import { Comparing, sideOfSnapshot } from '../../src/comparing';
import { addFileCommands, isEnvironmentFile } from '../../src/filecommands';
import { Glance } from '../../src/glance';
import { History } from '../../src/history';
import { snapshotChangedIcon, snapshotIcon } from '../../src/icons';
import { Model } from '../../src/model';
import { Notifier } from '../../src/notify';
import { Page } from '../../src/page';
import type { Saving } from '../../src/saving';
import { CommandIDs } from '../../src/tokens';
import type * as wire from '../../src/wire';
import { FakeClient, FakeFollower, FakeTimer, Later, settled } from './fakes';
import {
  against,
  candidate,
  drift,
  finding,
  kernel,
  preview,
  saveReply,
  snapshot,
  SUBJECT,
  TEXT,
  trans
} from './samples';

beforeEach(() => {
  Notification.dismiss();
});

async function setUp(
  subject: typeof SUBJECT | null = SUBJECT,
  { inStatusBar } = { inStatusBar: true }
) {
  const client = new FakeClient();
  const follower = new FakeFollower(subject);
  const model = new Model(client, follower, new FakeTimer());
  const page = new Page(
    model,
    new History(client, follower, new FakeTimer()),
    new Comparing(client, model)
  );
  const commands = new CommandRegistry();
  const show = jest.fn();
  const copied: string[] = [];
  const downloads: [string, string][] = [];
  const chosen: Choosing[] = [];
  const agreed: boolean[] = [];
  const questions: string[] = [];
  const notes: (string | null)[] = [];
  const asked: Saving[] = [];
  const wrote: string[] = [];
  const fails: Error[] = [];
  const selection: { path: string | null } = { path: null };
  const answers: (wire.SaveReply | null)[] = [saveReply()];
  const glance = new Glance(client, model);
  const failing = (): Promise<void> => {
    const error = fails.shift();
    return error ? Promise.reject(error) : Promise.resolve();
  };
  addCommands({
    commands,
    page,
    client,
    glance: inStatusBar ? null : glance,
    notifier: new Notifier(commands, trans),
    trans,
    show,
    find: jest.fn(),
    confirm: (_title, body) => {
      questions.push(body);
      return Promise.resolve(agreed.shift() ?? false);
    },
    askNote: note => {
      questions.push(note);
      return Promise.resolve(notes.shift() ?? null);
    },
    choose: choosing => {
      chosen.push(choosing);
      return failing();
    },
    ask: async saving => {
      asked.push(saving);
      await failing();
      await saving.preview();
      return answers.shift() ?? null;
    },
    wrote: path => {
      wrote.push(path);
      return Promise.resolve();
    },
    explainIdentity: failing,
    copy: text => copied.push(text),
    download: (name, text) => downloads.push([name, text])
  });
  addFileCommands({ commands, trans, model, selected: () => selection.path });
  page.visible = true;
  await settled();
  return {
    client,
    follower,
    page,
    glance,
    commands,
    show,
    copied,
    downloads,
    answers,
    chosen,
    agreed,
    questions,
    notes,
    asked,
    wrote,
    fails,
    selection
  };
}

function toast(): { words: string; actions: string[] } {
  const all = Notification.manager.notifications;
  const newest = all[all.length - 1] ?? all[0];
  return {
    words: newest?.message ?? '',
    actions: newest?.options.actions?.map(action => action.label) ?? []
  };
}

it('each has words, a caption and a description of its arguments', async () => {
  const { commands } = await setUp();
  for (const id of Object.values(CommandIDs)) {
    expect(commands.label(id)).not.toBe('');
    expect(commands.caption(id)).not.toBe('');
    expect((await commands.describedBy(id)).args).toMatchObject({ type: 'object' });
  }
});

it('a toolbar shows the icon alone, and says the name in its tooltip', async () => {
  const { commands } = await setUp();
  const args = { toolbar: true };
  expect(commands.label(CommandIDs.snapshot, args)).toBe('');
  expect(commands.caption(CommandIDs.snapshot, args)).toBe(
    'Snapshot environment: keeps what this kernel runs in'
  );
});

it('the toolbar says how the environment stands where no status bar does', async () => {
  const args = { toolbar: true };
  const { page, commands, glance } = await setUp(SUBJECT, { inStatusBar: false });
  page.visible = false;
  glance.active = true;
  const changed = jest.fn();
  commands.commandChanged.connect(changed);
  glance.heard('k1');
  await settled();
  expect(changed).toHaveBeenCalled();
  expect(commands.caption(CommandIDs.snapshot, args)).toBe(
    'Snapshot environment: keeps what this kernel runs in. ' +
      '3 changes in climate since environment.yml.'
  );
  expect(commands.icon(CommandIDs.snapshot, args)).toBe(snapshotChangedIcon);
  expect(commands.className(CommandIDs.snapshot, args)).toBe('jp-EnvSnap-changedTool');

  const withBar = await setUp();
  expect(withBar.commands.icon(CommandIDs.snapshot, args)).toBe(snapshotIcon);
});

describe('snapshot', () => {
  it('shows the panel, keeps the environment and says so', async () => {
    const { client, commands, show } = await setUp();
    await commands.execute(CommandIDs.snapshot);
    expect(show).toHaveBeenCalled();
    expect(client.calls).toContain('take');
    expect(toast()).toEqual({
      words: 'Snapshot kept: climate, 151 packages.',
      actions: ['Add note', 'Save…']
    });
  });

  it('says where nothing changed', async () => {
    const { client, commands } = await setUp();
    const before = snapshot({ taken_at: new Date().toISOString() });
    client.onTakeSnapshot = () =>
      Promise.resolve({ snapshot: snapshot(), unchanged_since: before, findings: [] });
    await commands.execute(CommandIDs.snapshot);
    expect(toast().words).toMatch(
      /^Same as the snapshot of \d\d:\d\d\. Noted the time\.$/
    );
  });

  it('says what did not work', async () => {
    const { client, commands } = await setUp();
    client.onTakeSnapshot = () =>
      Promise.reject(new Refusal('history-unavailable', 'The disk is full.', 507));
    await commands.execute(CommandIDs.snapshot);
    expect(toast()).toEqual({
      words: 'No snapshot: The disk is full.',
      actions: ['Download YAML']
    });
  });

  it('is off while one is taken, without a kernel, and for a dead one', async () => {
    const { client, follower, commands } = await setUp();
    const late = new Later<wire.SnapshotTaken>();
    client.onTakeSnapshot = () => late.promise;
    const done = commands.execute(CommandIDs.snapshot);
    expect(commands.isEnabled(CommandIDs.snapshot)).toBe(false);
    late.resolve({ snapshot: snapshot(), unchanged_since: null, findings: [] });
    await done;
    expect(commands.isEnabled(CommandIDs.snapshot)).toBe(true);
    follower.subject = { ...SUBJECT, state: 'stopped' };
    expect(commands.isEnabled(CommandIDs.snapshot)).toBe(false);
    follower.subject = null;
    expect(commands.isEnabled(CommandIDs.snapshot)).toBe(false);
  });
});

describe('save', () => {
  it.each([
    [saveReply(), 'Saved environment.yml and committed it to paper-2026 as a1b2c3d.'],
    [
      saveReply({
        commit: null,
        commit_problem: {
          code: 'git-no-identity',
          message: 'git does not know your name yet.'
        }
      }),
      'Saved environment.yml. Not committed: git does not know your name yet.'
    ],
    [saveReply({ commit: null }), 'Saved environment.yml.'],
    [
      saveReply({ commit: null, written: false }),
      'environment.yml already had this text.'
    ]
  ])('tells what became of it', async (reply, words) => {
    const { commands, answers } = await setUp();
    answers[0] = reply;
    await commands.execute(CommandIDs.save);
    expect(toast().words).toBe(words);
    expect(toast().actions.at(-1)).toBe('Open file');
  });

  it('lets whoever shows the file look again', async () => {
    const { commands, wrote } = await setUp();
    await commands.execute(CommandIDs.save);
    expect(wrote).toEqual([saveReply().path]);
  });

  it('tells that the wanted commit is missing, and how git learns a name', async () => {
    const { answers, client, commands } = await setUp();
    const commit_problem = { code: 'git-no-identity', message: 'Who?' };
    client.onPreview = () => Promise.resolve(preview({ commit_problem }));
    answers[0] = saveReply({ commit: null });
    await commands.execute(CommandIDs.save);
    expect(toast()).toEqual({
      words: 'Saved environment.yml. Not committed: git does not know your name yet.',
      actions: ['How to set it', 'Open file']
    });
  });

  it('tells what a save came to that nobody waited for', async () => {
    const { commands, fails } = await setUp();
    fails.push(new Refusal('target-changed', 'It changed.', 409));
    await commands.execute(CommandIDs.save);
    expect(toast().words).toBe('It changed.');
  });

  it('begins with the git address of a package where that was wanted', async () => {
    const { client, commands } = await setUp();
    await commands.execute(CommandIDs.save, { git: 'mylib' });
    expect(client.previews.at(-1)?.local).toEqual({ mylib: 'git' });
  });

  it('tells nothing where nothing was saved', async () => {
    const { commands, answers } = await setUp();
    answers[0] = null;
    await commands.execute(CommandIDs.save);
    expect(Notification.manager.count).toBe(0);
  });
});

it.each<[string, Partial<wire.CommitMade>, string]>([
  [
    'what a hook added',
    { other_files: ['a.py', 'b.py'], findings: [finding({ code: 'hook-added-files' })] },
    'A git hook added to the commit: a.py, b.py.'
  ],
  [
    'the first of many files',
    { other_files: ['a', 'b', 'c', 'd', 'e'] },
    'A git hook added to the commit: a, b, c, and 2 more files.'
  ],
  [
    'what else a hook did',
    { findings: [finding({ code: 'hook-changed-message', message: 'Reworded `it`.' })] },
    'Reworded it.'
  ]
])('tells of a commit %s', async (_what, change, words) => {
  const { commands, answers } = await setUp();
  const commit = { ...saveReply().commit, ...change } as wire.CommitMade;
  answers[0] = saveReply({ commit });
  await commands.execute(CommandIDs.save);
  expect(toast().words).toBe(
    `Saved environment.yml and committed it to paper-2026 as a1b2c3d. ${words}`
  );
  expect(Notification.manager.notifications[0]?.type).toBe('warning');
});

describe('choosing an environment', () => {
  it('lets the person choose, and then reads again', async () => {
    const { client, commands, chosen } = await setUp();
    await commands.execute(CommandIDs.chooseEnvironment);
    await chosen[0]?.look();
    await chosen[0]?.choose('/opt/conda');
    expect(client.calls).toContain('choose k1 /opt/conda');
    expect(chosen[0]?.state.kind).toBe('chosen');
  });

  it('takes a choice back without asking', async () => {
    const { client, commands, chosen } = await setUp();
    await commands.execute(CommandIDs.chooseEnvironment, { path: null });
    expect(client.calls).toContain('choose k1 automatic');
    expect(chosen).toEqual([]);
  });

  it('is off without a kernel', async () => {
    const { follower, commands } = await setUp();
    expect(commands.isEnabled(CommandIDs.chooseEnvironment)).toBe(true);
    follower.subject = null;
    expect(commands.isEnabled(CommandIDs.chooseEnvironment)).toBe(false);
  });
});

describe('asking the kernel', () => {
  it('tells what it says, also where something else is shown', async () => {
    const { client, commands, show } = await setUp();
    await commands.execute(CommandIDs.askKernel);
    expect(toast().words).toBe(
      'The kernel says that it runs in /opt/conda/envs/climate.'
    );
    expect(show).toHaveBeenCalled();
    Notification.dismiss();
    show.mockClear();
    client.onAskKernel = () =>
      Promise.resolve(
        kernel({ how: 'chosen', alternatives: [candidate('kernel', '/usr')] })
      );
    await commands.execute(CommandIDs.askKernel, { from: 'panel' });
    expect(toast().words).toBe('The kernel says that it runs in /usr.');
    // Whoever asks there keeps the focus.
    expect(show).not.toHaveBeenCalled();
  });

  it('is off while a cell runs', async () => {
    const { follower, commands } = await setUp();
    expect(commands.isEnabled(CommandIDs.askKernel)).toBe(true);
    follower.subject = { ...SUBJECT, state: 'busy' };
    expect(commands.isEnabled(CommandIDs.askKernel)).toBe(false);
  });
});

it.each([CommandIDs.chooseEnvironment, CommandIDs.explainIdentity])(
  'says of %s where its dialog cannot be loaded',
  async id => {
    const { commands, fails } = await setUp();
    fails.push(new Error('Loading chunk 7 failed.'));
    await commands.execute(id);
    expect(toast().words).toContain('Loading chunk 7 failed.');
  }
);

it('copies and downloads what is in view', async () => {
  const { page, commands, copied, downloads } = await setUp();
  await commands.execute(CommandIDs.copyYaml);
  await page.open(snapshot({ id: 's9' }));
  await commands.execute(CommandIDs.copyYaml);
  await commands.execute(CommandIDs.copyYaml, { snapshot: 's1' });
  expect(copied).toEqual([TEXT, 'name: as-of-s9\n', 'name: as-of-s1\n']);
  page.backToNow();
  await commands.execute(CommandIDs.download);
  expect(downloads).toEqual([['environment.yml', TEXT]]);
});

it.each([
  ['repo/environment.yml', 'repo', 'conda env create -f environment.yml'],
  ['a/repo/env/my env.yml', 'repo', "conda env create -f 'env/my env.yml'"],
  ['environment.yml', 'elsewhere', 'conda env create -f environment.yml']
])('copies the command that rebuilds from %s', async (path, top, command) => {
  const { client, commands, copied } = await setUp();
  const repository = {
    top,
    branch: null,
    target: 'unchanged',
    staged_others: 0,
    hooks: [],
    signs: false,
    own_edits: []
  } as const;
  client.onPreview = () =>
    Promise.resolve(
      preview({ path, repository: { ...repository, hooks: [], own_edits: [] } })
    );
  await commands.execute(CommandIDs.copyRebuildCommand);
  expect(copied).toEqual([command]);
});

it('goes from the history back to now with the kernel', async () => {
  const { client, follower, page, commands } = await setUp();
  await commands.execute(CommandIDs.showHistory);
  await settled();
  expect(page.tab).toBe('history');
  expect(client.queries).toEqual([{ notebook: 'work/forecast.ipynb', limit: 100 }]);
  await page.open(snapshot());
  expect(page.past?.text).toBe('name: as-of-s1\n');
  follower.subject = { ...SUBJECT, kernelId: 'k2' };
  expect(page.past).toBeNull();
});

it('deletes a snapshot only after asking', async () => {
  const { client, commands, agreed } = await setUp();
  const deleted = () => client.calls.filter(call => call.startsWith('delete'));
  await commands.execute(CommandIDs.deleteSnapshot, { snapshot: 's1' });
  expect(deleted()).toEqual([]);
  agreed.push(true);
  await commands.execute(CommandIDs.deleteSnapshot, { snapshot: 's1' });
  expect(deleted()).toEqual(['delete s1']);
});

it('says which snapshot is to be deleted, and reads the list again', async () => {
  const { client, commands, page, agreed, questions } = await setUp();
  page.show('history');
  await settled();
  const asked = client.queries.length;
  agreed.push(true);
  await commands.execute(CommandIDs.deleteSnapshot, { snapshot: 's1' });
  await settled();
  expect(questions).toEqual([
    expect.stringMatching(
      /22.* 13:40, Snapshot by you\. Files and commits stay as they are\.$/
    )
  ]);
  expect(client.queries.length).toBe(asked + 1);
});

it('adds a note to a snapshot, asked for or given', async () => {
  const { client, commands, notes } = await setUp();
  const noted = () => client.calls.filter(call => call.startsWith('note'));
  await commands.execute(CommandIDs.noteSnapshot, { snapshot: 's1' });
  expect(noted()).toEqual([]);
  notes.push(' before the upgrade ');
  await commands.execute(CommandIDs.noteSnapshot, { snapshot: 's1' });
  await commands.execute(CommandIDs.noteSnapshot, { snapshot: 's2', note: 'x' });
  expect(noted()).toEqual(['note s1 before the upgrade', 'note s2 x']);
});

it('tells why a snapshot could not be deleted', async () => {
  const { client, commands, agreed } = await setUp();
  client.onDeleteSnapshot = () =>
    Promise.reject(new Refusal('history-locked', 'It is in use.', 503));
  agreed.push(true);
  await commands.execute(CommandIDs.deleteSnapshot, { snapshot: 's1' });
  expect(toast().words).toBe('It is in use.');
});

it('restores the file of a snapshot through the save dialog', async () => {
  const { commands, asked } = await setUp();
  await commands.execute(CommandIDs.restoreSnapshot, { snapshot: 's1' });
  expect(asked).toHaveLength(1);
});

it('compares two snapshots in the view of changes', async () => {
  const { client, page } = await setUp();
  page.compare(
    sideOfSnapshot(snapshot({ id: 'a' })),
    sideOfSnapshot(snapshot({ id: 'b' }))
  );
  await settled();
  expect(page.tab).toBe('changes');
  expect(client.calls).toContain('diff snapshot:a snapshot:b');
});

it.each([
  [1, 'Snapshot'],
  [2, 'Review']
])('a toast of %i changes offers: %s', async (count, first) => {
  const { commands } = await setUp();
  new Notifier(commands, trans).changed('+ polars 1.9', count, jest.fn());
  expect(toast()).toEqual({
    words: 'Environment changed: + polars 1.9',
    actions: [first, 'Save…']
  });
});

it('copies the changes as Markdown', async () => {
  const { commands, copied } = await setUp();
  await commands.execute(CommandIDs.copyChanges);
  expect(copied[0]).toContain('| numpy | 1.26.4 | 2.0.1 | major |');
  expect(toast().words).toBe('Copied the changes as Markdown.');
});

it('compares and updates a file that was named', async () => {
  const { client, commands, asked } = await setUp();
  await commands.execute(CommandIDs.showChanges, { file: 'a/environment.yml' });
  await settled();
  expect(client.calls).toContain('diff file:a/environment.yml kernel:k1');
  await commands.execute(CommandIDs.save, { file: 'a/environment.yml' });
  expect(asked[0]?.path).toBe('a/environment.yml');
});

it('acts on the environment file that is selected, where there is a kernel', async () => {
  const { client, follower, commands, selection } = await setUp();
  expect(commands.isVisible(CommandIDs.compareFile)).toBe(false);
  selection.path = 'b.yml';
  expect(commands.isVisible(CommandIDs.compareFile)).toBe(true);
  await commands.execute(CommandIDs.compareFile);
  await settled();
  expect(client.calls).toContain('diff file:b.yml kernel:k1');
  follower.subject = null;
  expect(commands.isEnabled(CommandIDs.updateFile)).toBe(false);
});

it.each([
  ['environment.yml', true],
  ['environment-gpu.yaml', true],
  ['dev_env.yml', true],
  ['notes.yml', false],
  ['environment.txt', false],
  ['openvino.yml', false]
])('takes %s for an environment file: %s', (name, is) => {
  expect(isEnvironmentFile(name)).toBe(is);
});

describe('a text in another format', () => {
  it('is copied and downloaded as it was chosen, under its own name', async () => {
    const { client, commands, copied, downloads, page } = await setUp();
    client.onDocument = () => Promise.resolve('numpy==2.0.1\n');
    page.model.writing.chooseFormat('requirements');
    page.model.writing.leaveOut({ exclude: ['dask'], without: [] });
    // Not what is in view still.
    await commands.execute(CommandIDs.copyYaml);
    expect(copied).toEqual(['numpy==2.0.1\n']);
    expect(client.written.at(-1)).toEqual({
      format: 'requirements',
      profile: 'versions',
      exclude: ['dask']
    });
    expect(toast().words).toBe('Copied the environment as requirements.txt.');
    expect(commands.label(CommandIDs.copyYaml)).toBe(
      'Copy environment as requirements.txt'
    );
    await commands.execute(CommandIDs.download);
    expect(downloads).toEqual([['requirements.txt', 'numpy==2.0.1\n']]);
  });

  it('is shown of a snapshot, too, except what conda prints', async () => {
    const { client, page } = await setUp();
    await page.open(snapshot());
    page.model.writing.chooseProfile('conda');
    await settled();
    expect(client.written.at(-1)?.profile).not.toBe('minimal');
    page.model.writing.chooseProfile('minimal');
    await settled();
    expect(client.written.some(({ profile }) => profile === 'minimal')).toBe(true);
    expect(page.past?.snapshot.id).toBe('s1');
  });
});

describe('the environment file', () => {
  const problem = { code: 'file-not-understood', message: '', detail: { line: 12 } };

  it('is opened where it has an error', async () => {
    const { client, page, commands } = await setUp();
    const editor = { setCursorPosition: jest.fn(), focus: jest.fn() };
    const opened: unknown[] = [];
    commands.addCommand('docmanager:open', {
      describedBy: {},
      execute: args => {
        opened.push(args['path']);
        return { context: { ready: Promise.resolve() }, content: { editor } };
      }
    });
    const name = 'repo/environment.yml';
    client.onDrift = () => Promise.resolve(drift(against({ name, problem })));
    page.model.refresh();
    await settled();
    await commands.execute(CommandIDs.openFile);
    expect(opened).toEqual([name]);
    expect(editor.setCursorPosition).toHaveBeenCalledWith({ line: 11, column: 0 });
    expect(editor.focus).toHaveBeenCalled();
  });

  it('cannot be opened where there is none', async () => {
    const { client, page, commands } = await setUp();
    client.onDrift = () => Promise.resolve(drift(null));
    page.model.refresh();
    await settled();
    expect(commands.isEnabled(CommandIDs.openFile)).toBe(false);
  });
});

it('shows its settings only where there is an editor for them', async () => {
  const { commands } = await setUp();
  expect(commands.isVisible(CommandIDs.settings)).toBe(false);
  const execute = jest.fn();
  commands.addCommand('settingeditor:open', { describedBy: {}, execute });
  expect(commands.isVisible(CommandIDs.settings)).toBe(true);
  expect(commands.label(CommandIDs.settings, { from: 'panel' })).toBe('Settings…');
  await commands.execute(CommandIDs.settings);
  expect(execute).toHaveBeenCalledWith({ query: 'Environment' });
});
