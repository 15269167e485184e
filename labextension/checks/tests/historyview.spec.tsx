import { act, fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { Unreachable } from '../../src/client';
import { PanelView, type IPanelProps } from '../../src/components/PanelView';
import { NO_FILTER, type HistoryState } from '../../src/history';
import { CommandIDs } from '../../src/tokens';
import { button, panelProps } from './panelprops';
import { changed, snapshot } from './samples';

type Ready = Extract<HistoryState, { kind: 'ready' }>;

const SNAPSHOTS = [
  snapshot({
    id: 's3',
    reason: 'saved',
    note: 'environment.yml, a1b2c3d',
    change: changed({}, 1)
  }),
  snapshot({ id: 's2', note: 'Before the upgrade', change: changed(null) }),
  snapshot({
    id: 's1',
    reason: 'cli',
    taken_at: new Date(2026, 10, 21, 9, 20).toISOString(),
    change: changed(null)
  }),
  snapshot({
    id: 's0',
    reason: 'kernel-died',
    taken_at: new Date(2026, 10, 19, 9, 0).toISOString(),
    change: { since: null, first: null, more: 0 }
  })
];

function ready(change: Partial<Ready> = {}): Ready {
  return {
    kind: 'ready',
    snapshots: SNAPSHOTS,
    next: null,
    reading: false,
    kept: { count: 214, since: new Date(2026, 2, 3, 10).toISOString() },
    problem: null,
    findings: [],
    ...change
  };
}

function show(change: Partial<Ready> = {}, props: Partial<IPanelProps> = {}) {
  const given = panelProps({ tab: 'history', history: ready(change), ...props });
  const view = render(<PanelView {...given} />);
  return {
    ...given,
    again: (next: Partial<IPanelProps>) => {
      view.rerender(<PanelView {...given} {...next} />);
    }
  };
}

function focus(node: HTMLElement): void {
  act(() => {
    node.focus();
  });
}

function many(count: number) {
  return Array.from({ length: count }, (_, n) =>
    snapshot({ id: `m${n}`, note: `Number ${n}` })
  );
}

it('is grouped by day, and says what changed and how much there is', () => {
  show();
  const days = screen.getAllByRole('list').map(list => list.getAttribute('aria-label'));
  expect(days.slice(0, 2)).toEqual(['Today', 'Yesterday']);
  const rows = screen
    .getAllByRole('button', { expanded: false })
    .map(row => row.textContent)
    .filter(words => /by you|Saved|command|died/.test(words));
  expect(rows).toEqual([
    '+polars 1.9.0 and 1 moreSaved to environment.yml, a1b2c3d',
    'Before the upgradeSnapshot by you, nothing changed',
    'Nothing changedFrom the command line',
    'climate, 151 packagesKernel died'
  ]);
  expect(button(/^Added polars 1.9.0 and 1 more/)).toBeTruthy();
  expect(screen.getByText(/^214 kept, since .*March.*3|3.*March/)).toBeTruthy();
});

it('opens a row, with what can be done', async () => {
  const given = show();
  await userEvent.click(button(/Before the upgrade/));
  expect(button(/Before the upgrade/).getAttribute('aria-expanded')).toBe('true');
  await userEvent.click(button('Open'));
  expect(given.onOpen).toHaveBeenCalledWith(SNAPSHOTS[1]);
  await userEvent.click(button('Compare'));
  expect(given.onCompareSnapshots).toHaveBeenCalledWith(SNAPSHOTS[1], null);
  for (const [name, id] of [
    ['Restore…', CommandIDs.restoreSnapshot],
    ['Note…', CommandIDs.noteSnapshot],
    ['Delete…', CommandIDs.deleteSnapshot]
  ] as const) {
    await userEvent.click(button(name));
    expect(given.onRun).toHaveBeenLastCalledWith(id, { snapshot: 's2' });
  }
  given.again({ mayWrite: false });
  for (const name of ['Restore…', 'Note…', 'Delete…']) {
    expect(screen.queryByRole('button', { name })).toBeNull();
  }
});

it('compares two with each other; the third takes the place of the first', async () => {
  const given = show();
  await userEvent.click(screen.getByRole('checkbox', { name: /polars/ }));
  expect(button('Compare').getAttribute('aria-disabled')).toBe('true');
  focus(button(/From the command line/));
  await userEvent.keyboard(' ');
  expect(screen.getByText('2 selected')).toBeTruthy();
  expect(button('Compare').className).toContain('jp-mod-accept');
  await userEvent.click(button('Compare'));
  expect(given.onCompareSnapshots).toHaveBeenLastCalledWith(SNAPSHOTS[2], SNAPSHOTS[0]);
  await userEvent.click(screen.getByRole('checkbox', { name: /Before the upgrade/ }));
  await userEvent.click(button('Compare'));
  expect(given.onCompareSnapshots).toHaveBeenLastCalledWith(SNAPSHOTS[2], SNAPSHOTS[1]);
  await userEvent.click(button('Clear'));
  expect(screen.queryByText(/selected/)).toBeNull();
});

it('is one stop for Tab; the arrow keys, Home and End lead through it', async () => {
  show();
  const stops = () =>
    within(screen.getByRole('tabpanel'))
      .getAllByRole('button', { expanded: false })
      .filter(row => row.className === 'jp-EnvSnap-what' && row.tabIndex === 0);
  expect(stops()).toHaveLength(1);
  focus(button(/polars/));
  await userEvent.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(button(/Before the upgrade/));
  await userEvent.keyboard('{End}');
  expect(document.activeElement).toBe(button(/Kernel died/));
  await userEvent.keyboard('{PageUp}');
  await userEvent.keyboard('{Home}');
  expect(document.activeElement).toBe(button(/polars/));
  await userEvent.keyboard('{Enter}');
  expect(button(/polars/).getAttribute('aria-expanded')).toBe('true');
  expect(stops()).toHaveLength(0);
});

it('draws only what is in view, and the row with the focus', async () => {
  show({ snapshots: many(10_000) });
  expect(screen.getAllByRole('listitem').length).toBeLessThan(60);
  focus(button(/Number 0 ?Snapshot/));
  await userEvent.keyboard('{End}');
  expect(document.activeElement).toBe(button(/Number 9999/));
  expect(screen.getAllByRole('listitem').length).toBeLessThan(60);
});

it('keeps the focus on a row when others come above, and gives it on when it goes', () => {
  const { again } = show();
  const row = button(/Before the upgrade/);
  focus(row);
  const older = SNAPSHOTS.slice(1);
  again({ history: ready({ snapshots: [snapshot({ id: 'new' }), ...SNAPSHOTS] }) });
  expect(document.activeElement).toBe(button(/Before the upgrade/));
  again({ history: ready({ snapshots: older.slice(1) }) });
  expect(document.activeElement?.className).toBe('jp-EnvSnap-what');
});

it('asks for more near its end, not again while that is read or failed', () => {
  const { onMoreHistory, again } = show({ snapshots: many(10), next: 'm9' });
  expect(onMoreHistory).toHaveBeenCalledTimes(1);
  again({ history: ready({ snapshots: many(10), next: 'm9', reading: true }) });
  again({ history: ready({ snapshots: many(500), next: 'm499' }) });
  again({
    history: ready({ snapshots: many(10), next: 'm9', problem: new Unreachable() })
  });
  expect(onMoreHistory).toHaveBeenCalledTimes(1);
});

it('asks for more when it is scrolled near its end', () => {
  const { onMoreHistory } = show({ snapshots: many(500), next: 'm499' });
  expect(onMoreHistory).not.toHaveBeenCalled();
  const list = document.querySelector('.jp-EnvSnap-list');
  fireEvent.scroll(list as Element, { target: { scrollTop: 22_000 } });
  expect(onMoreHistory).toHaveBeenCalledTimes(1);
});

it('says why there is no more, and tries again', async () => {
  const { onRetryHistory } = show({ problem: new Unreachable() });
  expect(screen.getByText('The server does not answer.')).toBeTruthy();
  await userEvent.click(button('Try again'));
  expect(onRetryHistory).toHaveBeenCalled();
});

it('names the notebook of each row where it is not the history of one', () => {
  const { again } = show();
  expect(screen.queryByText(/forecast\.ipynb/, { selector: 'li *' })).toBeNull();
  again({ state: { kind: 'no-kernel' } });
  expect(
    screen.getAllByText(/ · work\/forecast\.ipynb$/, { selector: 'li *' })
  ).not.toHaveLength(0);
});

it('is filtered by package', async () => {
  const { onFilter } = show();
  await userEvent.type(screen.getByRole('searchbox', { name: 'Find a package' }), 'n');
  expect(onFilter).toHaveBeenLastCalledWith({ ...NO_FILTER, package: 'n' });
});

it('is of the notebook, of the environment or of all', async () => {
  const { onFilter } = show();
  await userEvent.click(button('Whose snapshots: This notebook'));
  await userEvent.click(screen.getByRole('radio', { name: 'This environment' }));
  expect(onFilter).toHaveBeenLastCalledWith({ ...NO_FILTER, scope: 'environment' });
});

it('shows only some reasons, by a menu that the keyboard works', async () => {
  const { onFilter } = show({}, { filter: { ...NO_FILTER, hidden: ['server'] } });
  focus(button('Show only some reasons'));
  await userEvent.keyboard('{Enter}');
  const items = screen.getAllByRole('menuitemcheckbox');
  expect(
    items.map(item => [item.textContent, item.getAttribute('aria-checked')])
  ).toEqual([
    ['Snapshots by youalso saved, or from the command line', 'true'],
    ['Packages changed', 'true'],
    ['Kernel started or endedshut down, restarted, died', 'true'],
    ['Server stopped or recovered', 'false'],
    ['Nothing changedhidden when it repeats', 'false']
  ]);
  expect(document.activeElement).toBe(items[0]);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(onFilter).toHaveBeenLastCalledWith({
    ...NO_FILTER,
    hidden: ['server', 'changed']
  });
  await userEvent.keyboard('{End} ');
  expect(onFilter).toHaveBeenLastCalledWith({
    ...NO_FILTER,
    hidden: ['server'],
    repeats: true
  });
  await userEvent.keyboard('{Escape}');
  expect(document.activeElement).toBe(button('Show only some reasons'));
});
