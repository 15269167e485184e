import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { Refusal } from '../../src/client';
import { folded } from '../../src/components/DiffView';
import { SaveForm, type ISaveFormProps } from '../../src/components/SaveForm';
import type * as wire from '../../src/wire';
import { finding, FORMATS, localPackage, preview, trans, YAML } from './samples';

function show(change: Partial<ISaveFormProps> = {}) {
  const given: ISaveFormProps = {
    trans,
    state: { kind: 'ready', preview: preview() },
    path: 'repo/environment.yml',
    message: 'env: numpy',
    commit: true,
    canSave: true,
    writing: {
      formats: FORMATS.formats,
      groups: FORMATS.groups ?? [],
      format: YAML,
      profile: 'versions',
      omission: { exclude: [], without: [] }
    },
    local: [],
    pins: false,
    differsFromShown: false,
    onMode: jest.fn(),
    onPins: jest.fn(),
    onProfile: jest.fn(),
    onOmission: jest.fn(),
    onAsShown: jest.fn(),
    onFormat: jest.fn(),
    onNameBy: jest.fn(),
    onCopy: jest.fn(),
    onPath: jest.fn(),
    onMessage: jest.fn(),
    onCommit: jest.fn(),
    onPreview: jest.fn(),
    onSave: jest.fn(),
    onCancel: jest.fn(),
    ...change
  };
  render(<SaveForm {...given} />);
  return given;
}

it('shows what is written, where it is committed, and what stays as it is', () => {
  show({ state: { kind: 'ready', preview: preview({ findings: [finding()] }) } });
  expect(screen.getByRole('img', { name: '1 line added' })).toBeTruthy();
  expect(screen.getByRole('img', { name: 'Removed' })).toBeTruthy();
  expect(screen.getByText('paper-2026').tagName).toBe('B');
  expect(
    screen.getByText(
      'Only this file is committed. Your 2 staged files stay staged. Nothing is pushed.'
    )
  ).toBeTruthy();
  expect(screen.getByText('mylib')).toBeTruthy();
});

it('tells beforehand of hooks, signing, own edits and a missing branch', () => {
  const repository = {
    ...preview().repository,
    branch: null,
    staged_others: 0,
    hooks: ['pre-commit', 'commit-msg'],
    signs: true,
    own_edits: [
      { sign: '-', text: '# old', old: 1, new: null },
      { sign: '+', text: '# mine', old: null, new: 1 }
    ]
  } as wire.RepositoryState;
  show({ state: { kind: 'ready', preview: preview({ repository }) } });
  expect(
    screen.getByText(
      'Only this file is committed. These git hooks run: pre-commit, commit-msg. ' +
        'The commit is signed. Nothing is pushed.'
    )
  ).toBeTruthy();
  expect(screen.getByText(/No branch is checked out/)).toBeTruthy();
  const summary = screen.getByText('2 lines of your own edits go along');
  expect(summary.closest('details')?.open).toBe(false);
  expect(screen.getByText('# mine')).toBeTruthy();
});

it('tells of a commit only where one is made', () => {
  const repository = {
    ...preview().repository,
    own_edits: [{ sign: '+', text: '# mine', old: null, new: 1 }]
  } as wire.RepositoryState;
  show({ state: { kind: 'ready', preview: preview({ repository }) }, commit: false });
  expect(screen.queryByText(/your own edits/)).toBeNull();
  expect(screen.queryByText(/Only this file/)).toBeNull();
});

it('says nothing of replacing where there is no file', () => {
  show({
    state: { kind: 'ready', preview: preview({ exists: false, base_digest: null }) }
  });
  expect(screen.queryByRole('radio')).toBeNull();
});

it('saves on Enter, but not in the message', async () => {
  const { onSave } = show();
  await userEvent.type(screen.getByRole('textbox', { name: 'File' }), '{Enter}');
  expect(onSave).toHaveBeenCalledTimes(1);
  await userEvent.type(
    screen.getByRole('textbox', { name: 'Commit message' }),
    '{Enter}'
  );
  expect(onSave).toHaveBeenCalledTimes(1);
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  expect(onSave).toHaveBeenCalledTimes(2);
  screen.getByRole('button', { name: 'Save and commit' }).focus();
  await userEvent.keyboard('{Enter}');
  expect(onSave).toHaveBeenCalledTimes(3);
});

it('takes the focus for its main button, but from nobody who is at work in it', async () => {
  show();
  const form = screen.getByRole('form');
  act(() => {
    form.focus();
  });
  const primary = screen.getByRole('button', { name: 'Save and commit' });
  expect(document.activeElement).toBe(primary);

  const opener = screen.getByRole('button', { name: /^How it is written/ });
  await userEvent.click(opener);
  act(() => {
    form.focus();
  });
  expect(document.activeElement).toBe(opener);
  expect(opener.getAttribute('aria-expanded')).toBe('true');
});

it('leaves on Enter on Cancel', async () => {
  const { onSave, onCancel } = show();
  screen.getByRole('button', { name: 'Cancel' }).focus();
  await userEvent.keyboard('{Enter}');
  expect(onCancel).toHaveBeenCalledTimes(1);
  expect(onSave).not.toHaveBeenCalled();
});

it('says why no commit can be made, and looks again', async () => {
  const commit_problem = { code: 'git-no-repository', message: 'No repository here.' };
  const state = {
    kind: 'ready',
    preview: preview({ commit_problem, repository: null })
  } as const;
  const { onPreview } = show({ state, commit: false });
  expect(
    screen.getByRole<HTMLInputElement>('checkbox', { name: 'Commit' }).disabled
  ).toBe(true);
  expect(screen.getByText('No repository here.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Save' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
  expect(onPreview).toHaveBeenCalled();
});

it('shows the new preview on request where the file was changed meanwhile', async () => {
  const { onPreview } = show({
    state: {
      kind: 'stale',
      preview: preview(),
      what: 'file',
      error: new Refusal('target-changed', 'Changed.', 409)
    },
    canSave: false
  });
  expect(
    screen.getByText('environment.yml was changed while you looked at it.')
  ).toBeTruthy();
  const save = screen.getByRole('button', { name: 'Save and commit' });
  expect(save.getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(screen.getByRole('button', { name: 'Show new preview' }));
  expect(onPreview).toHaveBeenCalled();
});

it('tells an error in the words of the server, and loses nothing', () => {
  const error = new Refusal('target-read-only', 'The folder is read-only.', 409);
  show({ state: { kind: 'failed', preview: preview(), error }, message: 'my words' });
  expect(screen.getByRole('alert').textContent).toContain('The folder is read-only.');
  expect(screen.getByDisplayValue('my words')).toBeTruthy();
});

describe('while it saves', () => {
  function saving(written: boolean, hooks: string[] = ['pre-commit']) {
    const repository = { ...preview().repository, hooks } as wire.RepositoryState;
    return show({
      state: { kind: 'saving', preview: preview({ repository }), written },
      canSave: false
    });
  }

  it('says that it commits, and can be left', async () => {
    const { onCancel } = saving(false);
    expect(screen.getByRole('button', { name: 'Committing…' })).toBeTruthy();
    expect(screen.getByRole('status').textContent).toBe('');
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Stop waiting' }));
    expect(onCancel).toHaveBeenCalledTimes(1);
  });

  it('takes no other choice, and says why', async () => {
    const state = { kind: 'saving', preview: preview(), written: false } as const;
    const git = { ...localPackage().git, pushed: false } as wire.GitAddress;
    const local = [
      localPackage({ git, named: 'comment', options: ['folder', 'comment'] })
    ];
    const given = show({ state, local, canSave: false, differsFromShown: true });
    for (const name of [
      /^How it is written/,
      'Write it as the panel shows it',
      'Check again'
    ]) {
      const locked = screen.getByRole('button', { name });
      expect(locked.getAttribute('aria-disabled')).toBe('true');
      expect(locked.title).toBe('Saving…');
      await userEvent.click(locked);
    }
    expect(screen.queryByRole('group', { name: /^How it is written/ })).toBeNull();
    expect(given.onAsShown).not.toHaveBeenCalled();
    expect(given.onPreview).not.toHaveBeenCalled();
  });

  it('says that the file is saved once it is', () => {
    saving(true);
    expect(screen.getByText('Saved. Waiting for your git hooks…')).toBeTruthy();
  });

  it('waits for git where there are no hooks', () => {
    saving(true, []);
    expect(screen.getByText('Saved. Waiting for git…')).toBeTruthy();
  });
});

describe('a package that runs from a folder', () => {
  const UNPUSHED = finding({
    code: 'unpushed-source',
    message: '`mylib` is at commit 9f3c2e1, which its remote does not have yet.'
  });
  const option = (name: string): HTMLInputElement => screen.getByRole('radio', { name });
  const showing = (
    change: Partial<wire.LocalPackage>,
    findings: wire.Finding[] = [],
    mode: wire.SavePreview['mode'] = 'update'
  ) => {
    const made = preview({ findings, mode });
    return show({
      state: { kind: 'ready', preview: made },
      local: [localPackage(change)]
    });
  };

  it('is written by its git address, or by its folder on request', async () => {
    const { onNameBy } = showing({});
    expect(screen.getByText(/Others install it from git/)).toBeTruthy();
    expect(option('Write its git address').checked).toBe(true);
    expect(screen.getByText('git.example.org/lab/mylib at 9f3c2e1')).toBeTruthy();
    expect(screen.getByText('/home/ana/src/mylib')).toBeTruthy();
    await userEvent.click(option('Write the folder as it is'));
    expect(onNameBy).toHaveBeenCalledWith('mylib', 'folder');
  });

  it('says once what others miss', () => {
    showing({ named: 'folder' }, [finding()]);
    expect(screen.getAllByText('mylib')).toHaveLength(1);
    expect(screen.getByRole('img', { name: 'Warning' })).toBeTruthy();
  });

  it('says that a commit is without what is not committed', () => {
    const git = { ...localPackage().git, clean: false } as wire.GitAddress;
    showing({ git });
    expect(
      screen.getByText(
        'git.example.org/lab/mylib at 9f3c2e1, without what you have not committed'
      )
    ).toBeTruthy();
  });

  it('is pushed and looked at again, where its commit is only here', async () => {
    const git = { ...localPackage().git, pushed: false } as wire.GitAddress;
    const { onCopy, onPreview } = showing(
      { git, named: 'comment', options: ['folder', 'comment'] },
      [UNPUSHED],
      'replace'
    );
    expect(screen.queryByRole('radio', { name: 'Write its git address' })).toBeNull();
    expect(option('Leave it as a comment').checked).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Copy push command' }));
    expect(onCopy).toHaveBeenCalledWith('git -C /home/ana/src/mylib push');
    await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
    expect(onPreview).toHaveBeenCalled();
  });

  it('is left out of a file that is updated: that gets no comments', () => {
    showing({ git: null, named: 'comment', options: ['folder', 'comment'] }, [finding()]);
    expect(option('Leave it out').checked).toBe(true);
  });

  it('is only told of where there is no choice', () => {
    showing(
      { git: null, named: 'comment', options: ['comment'] },
      [finding()],
      'replace'
    );
    expect(screen.queryByRole('radio', { name: /comment/ })).toBeNull();
    expect(screen.getByText('mylib')).toBeTruthy();
  });
});

describe('a commit that cannot be made', () => {
  it.each([
    [
      { code: 'git-no-repository', detail: { why: 'none' } },
      'This folder is not in a git repository. The file is saved, without a commit.'
    ],
    [{ code: 'git-no-repository' }, 'In the words of the server.'],
    [
      { code: 'git-operation-in-progress', detail: { operation: 'merge' } },
      'A merge is in progress. Finish it first, or save without a commit.'
    ],
    [
      { code: 'git-operation-in-progress', detail: { operation: 'bisect' } },
      'In the words of the server.'
    ]
  ])('%j is told in words', (problem, words) => {
    const commit_problem = { message: 'In the words of the server.', ...problem };
    show({
      state: { kind: 'ready', preview: preview({ commit_problem }) },
      commit: false
    });
    expect(screen.getByText(words)).toBeTruthy();
  });

  it('as git does not know a name, comes with how to set it', async () => {
    const commit_problem = { code: 'git-no-identity', message: 'Who?' };
    const { onCopy } = show({
      state: { kind: 'ready', preview: preview({ commit_problem }) },
      commit: false
    });
    await userEvent.click(screen.getByText('How to set it'));
    await userEvent.click(screen.getByRole('button', { name: 'Copy commands' }));
    expect(onCopy).toHaveBeenCalledWith(
      'git config --global user.name "Your Name"\n' +
        'git config --global user.email you@example.org'
    );
  });
});

it('folds what did not change', () => {
  const line = (sign: wire.DiffLine['sign']): wire.DiffLine => ({
    sign,
    text: '',
    old: 1,
    new: 1
  });
  const diff = Array.from({ length: 10 }, () => line(' '));
  diff[5] = line('+');
  expect(folded(diff).map(row => (typeof row === 'number' ? row : row.sign))).toEqual([
    3,
    ' ',
    ' ',
    '+',
    ' ',
    ' ',
    2
  ]);
});

describe('a file that is there', () => {
  function radio(name: string): HTMLInputElement {
    return screen.getByRole('radio', { name });
  }

  it('is updated, or replaced on request', async () => {
    const { onMode } = show();
    expect(radio('Update the file').checked).toBe(true);
    await userEvent.click(radio('Replace the file'));
    expect(onMode).toHaveBeenCalledWith('replace');
  });

  it('is only written anew as conda prints it', () => {
    const anew = preview({ mode: 'replace', profile: 'conda' });
    show({ state: { kind: 'ready', preview: anew } });
    expect(radio('Update the file').disabled).toBe(true);
    expect(radio('Replace the file').checked).toBe(true);
  });

  it('of another format is only written anew', async () => {
    const anew = preview({ mode: 'replace', format: 'requirements' });
    const { onFormat } = show({ state: { kind: 'ready', preview: anew } });
    expect(radio('Update the file').disabled).toBe(true);
    expect(screen.getByText('Only an environment.yml.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: /^How it is written/ }));
    await userEvent.click(radio('requirements.txt'));
    expect(onFormat).toHaveBeenCalledWith('requirements');
  });

  it('has its loose specs pinned only on request', async () => {
    const loose = preview({ loose: ['numpy', 'pandas', 'scipy', 'dask'] });
    const { onPins } = show({ state: { kind: 'ready', preview: loose } });
    const box = screen.getByRole<HTMLInputElement>('checkbox', {
      name: 'Pin what is loose: numpy, pandas, scipy and 1 more'
    });
    expect(box.checked).toBe(false);
    await userEvent.click(box);
    expect(onPins).toHaveBeenCalledWith(true);
  });

  it('shows no such choice where nothing is loose, and keeps the one that was made', () => {
    show();
    expect(screen.queryByRole('checkbox', { name: /^Pin/ })).toBeNull();
    show({ pins: true });
    expect(
      screen.getByRole<HTMLInputElement>('checkbox', { name: 'Pin what is loose' })
        .checked
    ).toBe(true);
  });

  it('says what it does without, and can be written as the panel shows it', async () => {
    const left = preview({ exclude: ['numpy'], without: ['jupyter'] });
    const { onAsShown } = show({
      state: { kind: 'ready', preview: left },
      differsFromShown: true
    });
    expect(screen.getByText('Without Jupyter, numpy.')).toBeTruthy();
    await userEvent.click(
      screen.getByRole('button', { name: 'Write it as the panel shows it' })
    );
    expect(onAsShown).toHaveBeenCalled();
  });

  it('that cannot be updated is replaced or left', async () => {
    const error = new Refusal('cannot-update', 'Line 3 stands twice.', 422);
    const { onMode, onCancel } = show({
      state: { kind: 'cannot-update', preview: preview({ mode: 'replace' }), error },
      canSave: false
    });
    expect(screen.getByRole('alert').textContent).toContain('Line 3 stands twice.');
    expect(radio('Update the file').disabled).toBe(true);
    expect(radio('Replace the file').checked).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Replace' }));
    expect(onMode).toHaveBeenCalledWith('replace');
    const [first] = screen.getAllByRole('button', { name: 'Cancel' });
    if (first) {
      await userEvent.click(first);
    }
    expect(onCancel).toHaveBeenCalled();
  });

  it('takes a name to leave out with Enter, without being saved', async () => {
    const { onSave, onOmission } = show();
    await userEvent.click(screen.getByRole('button', { name: /^How it is written/ }));
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Leave out a package' }),
      'dask{Enter}'
    );
    expect(onOmission).toHaveBeenCalledWith({ exclude: ['dask'], without: [] });
    expect(onSave).not.toHaveBeenCalled();
  });
});
