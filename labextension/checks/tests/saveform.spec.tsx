import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { Refusal } from '../../src/client';
import { folded } from '../../src/components/DiffView';
import { SaveForm, type ISaveFormProps } from '../../src/components/SaveForm';
import type * as wire from '../../src/wire';
import { finding, FORMATS, preview, trans, YAML } from './samples';

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
    pins: false,
    differsFromShown: false,
    onMode: jest.fn(),
    onPins: jest.fn(),
    onProfile: jest.fn(),
    onOmission: jest.fn(),
    onAsShown: jest.fn(),
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
    state: { kind: 'stale', preview: preview(), what: 'file' },
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

it('cannot be left while it saves', async () => {
  const { onCancel } = show({
    state: { kind: 'saving', preview: preview() },
    canSave: false
  });
  expect(screen.getByRole('button', { name: 'Committing…' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(onCancel).not.toHaveBeenCalled();
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
