import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { Refusal } from '../../src/client';
import { ChangesView } from '../../src/components/ChangesView';
import type { IPanelProps } from '../../src/components/PanelView';
import type { Comparison } from '../../src/comparing';
import { CommandIDs } from '../../src/tokens';
import type * as wire from '../../src/wire';
import { button, panelProps } from './panelprops';
import { diff, finding, kernel, reading, snapshot, SUBJECT } from './samples';

function show(change: Partial<IPanelProps> = {}, result?: Comparison) {
  const given = panelProps(change);
  const comparing = result ? { ...given.comparing, result } : given.comparing;
  const props = { ...given, tab: 'changes' as const, comparing };
  render(<ChangesView {...props} />);
  return props;
}

function names(table: string): (string | null)[] {
  const rows = within(screen.getByRole('table', { name: table }));
  return rows.getAllByRole('rowheader').map(cell => cell.textContent);
}

it('counts, then lists what was asked for; what came along is folded', async () => {
  show();
  expect(screen.getByText('1 removed')).toBeTruthy();
  expect(names('You asked for')).toEqual(['numpy', 'polars', 'dask']);
  expect(screen.queryByRole('table', { name: 'Pulled in by them' })).toBeNull();
  await userEvent.click(screen.getByText('Pulled in by them'));
  // jsdom does not tell of it.
  const fold = screen.getByText('Pulled in by them').closest('details');
  if (fold) {
    fold.open = true;
    fireEvent(fold, new Event('toggle'));
  }
  expect(names('Pulled in by them')).toEqual(['certifi', 'fsspec']);
  expect(screen.getByText('Was installed by conda, now by pip.')).toBeTruthy();
});

it('says each step in words, with its direction', () => {
  show();
  const row = screen.getByRole('rowheader', { name: 'numpy' }).parentElement;
  expect(row?.textContent).toBe('~numpy1.26.4 → 2.0.1major upconda');
  expect(within(row ?? document.body).getByRole('img', { name: 'Changed' })).toBeTruthy();
});

it('filters by name, and Escape shows all again', async () => {
  show();
  const field = screen.getByRole('searchbox', { name: 'Filter by name' });
  await userEvent.type(field, 'fss');
  expect(names('Pulled in by them')).toEqual(['fsspec']);
  expect(screen.queryByRole('table', { name: 'You asked for' })).toBeNull();
  await userEvent.type(field, 'x');
  expect(screen.getByText('No change of a package with this name.')).toBeTruthy();
  await userEvent.type(field, '{Escape}');
  expect(names('You asked for')).toHaveLength(3);
});

it('offers to restart a kernel that may still use what was there before', async () => {
  const findings = [finding({ code: 'loaded-before-change', package: 'numpy' })];
  const { onRun } = show({
    state: {
      kind: 'ready',
      subject: SUBJECT,
      reading: reading({ kernel: kernel({ findings }) }),
      standing: { kind: 'open' },
      refreshing: false
    }
  });
  expect(screen.getByText('The kernel may still use the old one.')).toBeTruthy();
  await userEvent.click(button('Restart kernel…'));
  expect(onRun).toHaveBeenCalledWith(CommandIDs.restartKernel);
});

it('copies the changes and updates the file', async () => {
  const { onRun } = show();
  await userEvent.click(button(/Copy as Markdown/));
  await userEvent.click(button('Update file…'));
  expect(onRun).toHaveBeenCalledWith(CommandIDs.copyChanges);
  expect(onRun).toHaveBeenCalledWith(CommandIDs.save);
});

it('updates no file of two that were chosen, nor for one who may not write', async () => {
  const { comparing } = panelProps();
  const { onRun } = show({ mayWrite: false });
  await userEvent.click(button('Update file…'));
  expect(onRun).not.toHaveBeenCalled();
  document.body.innerHTML = '';
  show({ comparing: { ...comparing, own: false } });
  expect(screen.queryByRole('button', { name: 'Update file…' })).toBeNull();
});

it('draws of three thousand changes those near the view', () => {
  const packages = Array.from({ length: 3000 }, (_, index): wire.PackageChange => ({
    name: `package-${index}`,
    change: 'added',
    requested: true,
    pypi_after: { name: `package-${index}`, version: '1' }
  }));
  show({}, { kind: 'ready', diff: diff({ packages, facts: [] }) });
  expect(names('You asked for').length).toBeLessThan(200);
});

it.each<[string, Comparison]>([
  ['Nothing changed', { kind: 'ready', diff: diff({ packages: [], facts: [] }) }],
  ['Nothing to compare with yet', { kind: 'nothing' }],
  [
    'These cannot be compared',
    { kind: 'failed', error: new Refusal('file-not-found', 'There is no b.yml.', 404) }
  ]
])('says "%s"', (title, result) => {
  show({}, result);
  expect(screen.getByRole('heading', { name: title })).toBeTruthy();
});

it('tries again what failed', async () => {
  const { onCompareAgain } = show({}, { kind: 'failed', error: new Error('No.') });
  await userEvent.click(button('Try again'));
  expect(onCompareAgain).toHaveBeenCalled();
});

describe('the choice of a side', () => {
  const history = {
    kind: 'ready' as const,
    snapshots: [snapshot({ id: 's7', note: 'Before the numpy upgrade' })],
    next: null,
    reading: false,
    kept: null,
    problem: null,
    findings: []
  };

  it('offers the kernel, the file, what is committed of it, and snapshots', async () => {
    const { onCompare, onSnapshots, comparing } = show({ history });
    await userEvent.click(button(/^Before: environment\.yml/));
    expect(onSnapshots).toHaveBeenCalled();
    const menu = within(screen.getByRole('group', { name: /^Before/ }));
    expect(
      menu.getAllByRole('group').map(group => group.getAttribute('aria-label'))
    ).toEqual(['Now', 'Files', 'Snapshots']);
    await userEvent.click(menu.getByRole('button', { name: /Before the numpy upgrade/ }));
    expect(onCompare).toHaveBeenCalledWith(
      { reference: 'snapshot:s7', snapshot: history.snapshots[0] },
      comparing.after
    );
  });

  it('takes any file or revision by its name', async () => {
    const { onCompare, comparing } = show({ history });
    await userEvent.click(button('After: Kernel now'));
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Find a snapshot, file or branch' }),
      'paper'
    );
    await userEvent.click(button(/environment\.yml at paper/));
    expect(onCompare).toHaveBeenCalledWith(comparing.before, {
      reference: 'rev:paper:repo/environment.yml',
      snapshot: null
    });
  });

  it('swaps both', async () => {
    const { onSwap } = show();
    await userEvent.click(button('Swap before and after'));
    expect(onSwap).toHaveBeenCalled();
  });
});
