import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { choiceOf, type ChoosingState, type IChoice } from '../../src/choosing';
import { Refusal } from '../../src/client';
import { ChoiceForm, type IChoiceFormProps } from '../../src/components/ChoiceForm';
import type * as wire from '../../src/wire';
import { candidate, kernel, known, trans } from './samples';

const FEW = [
  known('alpha', '/envs/alpha', { kernels: ['Python (alpha)', 'R'] }),
  known('base', '/opt/conda'),
  known('climate')
];
const MANY = Array.from('abcdefghij').map(letter =>
  known(`${letter}-env`, `/envs/${letter}`)
);

function choice(
  prefixes: wire.KnownPrefix[] = FEW,
  change: Partial<wire.KernelEnvironment> = {}
): IChoice {
  return choiceOf(
    kernel({ alternatives: [candidate('environ', '/opt/conda')], ...change }),
    prefixes
  );
}

function show(state: ChoosingState = { kind: 'ready', choice: choice() }) {
  const given: IChoiceFormProps = {
    trans,
    state,
    title: 'forecast.ipynb',
    onChoose: jest.fn(),
    onLook: jest.fn(),
    onCancel: jest.fn()
  };
  const view = render(<ChoiceForm {...given} />);
  const again = (next: ChoosingState): void => {
    view.rerender(<ChoiceForm {...given} state={next} />);
  };
  return { ...given, again };
}

function names(): (string | undefined)[] {
  return screen
    .getAllByRole('option')
    .map(option => /[a-z]+(-env)?|Use/.exec(option.textContent)?.[0]);
}

function active(): string | null | undefined {
  const holder = screen.queryByRole('combobox') ?? screen.getByRole('listbox');
  const id = holder.getAttribute('aria-activedescendant');
  return id === null ? null : document.getElementById(id)?.textContent;
}

it('says which is shown, who names which, and what starts there', () => {
  show();
  expect(names()).toEqual(['climate', 'base', 'alpha']);
  const [shown, named, other] = screen.getAllByRole('option');
  expect(shown?.getAttribute('aria-selected')).toBe('true');
  expect(
    within(shown as HTMLElement).getByRole('img', { name: 'Shown now' })
  ).toBeTruthy();
  expect(named?.textContent).toContain('from CONDA_PREFIX');
  expect(other?.textContent).toContain('Kernels: Python (alpha), R');
  expect(
    screen.getByRole('group', { name: 'Others on this computer' }).textContent
  ).toContain('/envs/alpha');
  expect(screen.queryByRole('combobox')).toBeNull();
});

it('is walked by keyboard: arrows, ends, letters', async () => {
  const { onChoose } = show();
  const list = screen.getByRole('listbox');
  list.focus();
  expect(active()).toContain('climate');
  await userEvent.keyboard('{ArrowDown}');
  expect(active()).toContain('base');
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  expect(active()).toContain('alpha');
  await userEvent.keyboard('{Home}');
  expect(active()).toContain('climate');
  await userEvent.keyboard('a');
  expect(active()).toContain('alpha');
  await userEvent.keyboard('{Enter}');
  expect(onChoose).toHaveBeenCalledWith('/envs/alpha');
});

it.each([
  ['the list', FEW, 'listbox'],
  ['the search field', MANY, 'combobox']
])(
  'hands the focus of the dialog on to %s, before and after it comes',
  (_what, all, role) => {
    const { again } = show({ kind: 'looking', choice: null });
    const form = document.querySelector<HTMLElement>('.jp-EnvSnap-choice');
    form?.focus();
    expect(document.activeElement).toBe(form);
    again({ kind: 'ready', choice: choice(all) });
    expect(document.activeElement).toBe(screen.getByRole(role));
    screen.getByRole('button', { name: 'Cancel' }).focus();
    form?.focus();
    expect(document.activeElement).toBe(screen.getByRole(role));
  }
);

it('chooses on a click', async () => {
  const { onChoose } = show();
  await userEvent.click(screen.getByText('base'));
  expect(onChoose).toHaveBeenCalledWith('/opt/conda');
});

it('is searched where it is long', async () => {
  const { onChoose } = show({ kind: 'ready', choice: choice(MANY) });
  await userEvent.type(screen.getByRole('combobox'), 'env');
  expect(screen.getByText('10 found')).toBeTruthy();
  await userEvent.clear(screen.getByRole('combobox'));
  await userEvent.type(screen.getByRole('combobox'), '/envs/d');
  expect(names()).toEqual(['d-env']);
  expect(active()).toContain('d-env');
  await userEvent.keyboard('{Enter}');
  expect(onChoose).toHaveBeenCalledWith('/envs/d');
  await userEvent.type(screen.getByRole('combobox'), '-nothing{Enter}');
  expect(screen.getByText('None')).toBeTruthy();
  expect(onChoose).toHaveBeenCalledTimes(1);
});

it('takes a choice back', async () => {
  const { onChoose } = show({ kind: 'ready', choice: choice(FEW, { how: 'chosen' }) });
  await userEvent.click(screen.getByText('Use the one found automatically'));
  expect(onChoose).toHaveBeenCalledWith(null);
});

it('says what it waits for', () => {
  show({ kind: 'looking', choice: null });
  expect(screen.getByText('Looking for environments…')).toBeTruthy();
  expect(screen.queryByRole('listbox')).toBeNull();
});

it('says where there is none', () => {
  show({ kind: 'ready', choice: choice([]) });
  expect(screen.getByText(/No environment was found on this computer/)).toBeTruthy();
});

it.each([
  ['prefix-refused', 'The server does not find this environment any more.'],
  ['kernel-remote', 'No environment here is its own.'],
  ['forbidden', 'You may look here but not choose.'],
  ['internal', 'In the words of the server.']
])('tells %s in words, keeps the list and looks again', async (code, words) => {
  const error = new Refusal(code, 'In the words of the server.', 403);
  const { onLook } = show({ kind: 'failed', choice: choice(), error });
  expect(screen.getByRole('alert').textContent).toContain(words);
  expect(screen.getAllByRole('option')).toHaveLength(3);
  await userEvent.click(screen.getByRole('button', { name: 'Look again' }));
  expect(onLook).toHaveBeenCalled();
});

it('is not left while the choice is on its way', async () => {
  const { onCancel } = show({ kind: 'choosing', choice: choice(), path: '/opt/conda' });
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(onCancel).not.toHaveBeenCalled();
});
