import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { WritingMenu, type IWritingProps } from '../../src/components/WritingMenu';
import { FORMATS, trans, YAML } from './samples';

function show(change: Partial<IWritingProps> = {}) {
  const given: IWritingProps = {
    trans,
    formats: FORMATS.formats,
    format: YAML,
    profile: 'versions',
    groups: FORMATS.groups ?? [],
    omission: { exclude: [], without: [] },
    onFormat: jest.fn(),
    onProfile: jest.fn(),
    onOmission: jest.fn(),
    ...change
  };
  const view = render(<WritingMenu {...given} />);
  return {
    ...given,
    again: (next: Partial<IWritingProps>) => {
      view.rerender(<WritingMenu {...given} {...next} />);
    }
  };
}

function opener(): HTMLElement {
  return screen.getByRole('button', { name: /^How it is written/ });
}

function radio(name: string): HTMLInputElement {
  return screen.getByRole('radio', { name });
}

async function open(change: Partial<IWritingProps> = {}) {
  const given = show(change);
  await userEvent.click(opener());
  return given;
}

it('names the profile in our words, and what is left out', () => {
  show({ profile: 'minimal', omission: { exclude: ['numpy'], without: ['jupyter'] } });
  expect(
    screen.getByRole('button', {
      name: 'How it is written: Any platform, without Jupyter, numpy'
    }).textContent
  ).toContain('Any platform−2');
});

it('does not claim that conda leaves something out', () => {
  show({ profile: 'conda', omission: { exclude: ['numpy'], without: [] } });
  expect(opener().textContent).not.toContain('−');
});

it('offers the profiles of the format, and the formats', async () => {
  const { onProfile, onFormat } = await open();
  expect(
    screen.getAllByRole('radio').map(item => item.getAttribute('aria-label'))
  ).toEqual([
    'Same platform',
    'Any platform',
    'This exact build',
    'As conda prints it',
    'environment.yml',
    'Package addresses',
    'requirements.txt'
  ]);
  expect(radio('Same platform').checked).toBe(true);
  await userEvent.click(radio('Any platform'));
  expect(onProfile).toHaveBeenCalledWith('minimal');
  await userEvent.click(radio('requirements.txt'));
  expect(onFormat).toHaveBeenCalledWith('requirements');
});

it('has no formats where the file decides', async () => {
  await open({ onFormat: undefined });
  expect(screen.queryByRole('radio', { name: 'requirements.txt' })).toBeNull();
});

it('does not offer of a snapshot what conda prints', async () => {
  await open({ kept: true });
  expect(radio('As conda prints it').disabled).toBe(true);
  expect(screen.getByText(/Not of a snapshot/)).toBeTruthy();
});

it('is folded by Enter on a choice and by Escape, and gives the focus back', async () => {
  await open();
  for (const key of ['{Enter}', '{Escape}']) {
    radio('Any platform').focus();
    await userEvent.keyboard(key);
    expect(screen.queryByRole('radio')).toBeNull();
    expect(document.activeElement).toBe(opener());
    await userEvent.click(opener());
  }
});

describe('leaving out', () => {
  it('takes groups, of which others may be configured', async () => {
    const { onOmission, again } = await open();
    await userEvent.click(screen.getByRole('checkbox', { name: 'Jupyter' }));
    expect(onOmission).toHaveBeenLastCalledWith({ exclude: [], without: ['jupyter'] });
    again({ omission: { exclude: [], without: ['jupyter'] } });
    await userEvent.click(screen.getByRole('checkbox', { name: 'lab-tools' }));
    expect(onOmission).toHaveBeenLastCalledWith({
      exclude: [],
      without: ['jupyter', 'lab-tools']
    });
    await userEvent.click(screen.getByRole('checkbox', { name: 'Jupyter' }));
    expect(onOmission).toHaveBeenLastCalledWith({ exclude: [], without: [] });
  });

  it('takes a name with Enter, stays open, and takes it back with Backspace', async () => {
    const { onOmission, again } = await open();
    const field = screen.getByRole<HTMLInputElement>('textbox', {
      name: 'Leave out a package'
    });
    await userEvent.type(field, ' numpy {Enter}');
    expect(onOmission).toHaveBeenLastCalledWith({ exclude: ['numpy'], without: [] });
    expect(field.value).toBe('');
    expect(document.activeElement).toBe(field);
    again({ omission: { exclude: ['numpy', 'dask'], without: [] } });
    await userEvent.keyboard('{Backspace}');
    expect(onOmission).toHaveBeenLastCalledWith({ exclude: ['numpy'], without: [] });
    await userEvent.click(
      screen.getByRole('button', { name: 'Leave out numpy no more' })
    );
    expect(onOmission).toHaveBeenLastCalledWith({ exclude: ['dask'], without: [] });
    expect(document.activeElement).toBe(field);
  });

  it('takes no spec for a name', async () => {
    const { onOmission } = await open();
    const field = screen.getByRole('textbox', { name: 'Leave out a package' });
    await userEvent.type(field, 'numpy=1{Enter}');
    expect(onOmission).not.toHaveBeenCalled();
    expect(screen.getByText('This is no name of a package.')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByText('This is no name of a package.')).toBeNull();
    expect(field).toBeTruthy();
  });

  it('is not offered where conda prints it', async () => {
    await open({ profile: 'conda' });
    expect(screen.queryByRole('checkbox')).toBeNull();
    expect(screen.getByText('conda leaves nothing out.')).toBeTruthy();
  });
});

it('is folded by Tab that leaves it, and not because the window lost the focus', async () => {
  render(<textarea />);
  await open();
  fireEvent.blur(opener(), { relatedTarget: null });
  expect(opener().getAttribute('aria-expanded')).toBe('true');
  await userEvent.tab({ shift: true });
  expect(screen.getByRole('textbox', { name: '' })).toBe(document.activeElement);
  expect(opener().getAttribute('aria-expanded')).toBe('false');
});
