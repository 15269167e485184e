import { DAY_PX, ROW_PX, rowOf, rowsWithin, timelineOf } from '../../src/timeline';
import { momentsOf, secondLine, titleOf } from '../../src/historywords';
import type * as wire from '../../src/wire';
import { changed, snapshot, trans } from './samples';

const at = (day: number, hour: number): string =>
  new Date(2026, 10, day, hour).toISOString();

function restart(id: string, hour: number, change = changed(null)): wire.ListedSnapshot {
  return snapshot({ id, reason: 'kernel-restart', taken_at: at(22, hour), change });
}

const LIST = [
  snapshot({ id: 'd', taken_at: at(22, 13) }),
  restart('c', 12),
  restart('b', 11),
  restart('a', 10, changed({})),
  snapshot({ id: 'y', taken_at: at(21, 9) })
];

it('has a heading for each day, and a place for each row', () => {
  const { days, rows, height } = timelineOf(LIST, false);
  expect(days.map(day => day.rows.length)).toEqual([4, 1]);
  expect(rows.map(row => row.top)).toEqual([
    DAY_PX,
    DAY_PX + ROW_PX,
    DAY_PX + 2 * ROW_PX,
    DAY_PX + 3 * ROW_PX,
    2 * DAY_PX + 4 * ROW_PX
  ]);
  expect(height).toBe(2 * DAY_PX + 5 * ROW_PX);
});

it('folds what only repeats, but nothing that changed', () => {
  const timeline = timelineOf(LIST, true);
  expect(timeline.rows.map(({ snapshot: { id } }) => id)).toEqual(['d', 'b', 'a', 'y']);
  const row = rowOf(timeline, 'c');
  expect(row).toBe(rowOf(timeline, 'b'));
  expect(row && secondLine(trans, row)).toBe('Kernel restarted, 2 times');
  expect(row && momentsOf(trans, row)).toMatch(/11:00:00.* and .*12:00:00/);
});

it('folds nothing over midnight, of another reason or with a note', () => {
  const unchanged = changed(null);
  const list = [
    snapshot({ id: '1', taken_at: at(22, 1), reason: 'server-stop', change: unchanged }),
    snapshot({ id: '2', taken_at: at(21, 23), reason: 'server-stop', change: unchanged }),
    snapshot({ id: '3', taken_at: at(21, 22), reason: 'recovered', change: unchanged }),
    snapshot({ id: '4', taken_at: at(21, 21), reason: 'cli', change: unchanged }),
    snapshot({
      id: '5',
      taken_at: at(21, 20),
      reason: 'cli',
      note: 'x',
      change: unchanged
    })
  ];
  expect(timelineOf(list, true).rows).toHaveLength(5);
});

it('knows which rows are in view', () => {
  const timeline = timelineOf(LIST, false);
  expect(rowsWithin(timeline, 0, DAY_PX + ROW_PX)).toEqual([0, 1]);
  expect(rowsWithin(timeline, DAY_PX + 2 * ROW_PX + 1, 1e6)).toEqual([2, 5]);
});

it('is made of 10,000 snapshots in a moment', () => {
  const list = Array.from({ length: 10_000 }, (_, n) =>
    snapshot({ id: `${n}`, taken_at: new Date(1e12 - n * 3_600_000).toISOString() })
  );
  const started = performance.now();
  expect(timelineOf(list, true).rows).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(200);
});

const upgraded = { name: 'numpy', change: 'upgraded', before: '1.26.4', after: '2.0.1' };

it.each<[wire.SnapshotChange | null, string, string | null]>([
  [changed({}, 1), 'polars 1.9.0 and 1 more', 'added'],
  [
    changed(upgraded as wire.FirstChange, 8),
    'numpy 1.26.4 → 2.0.1 and 8 more',
    'changed'
  ],
  [changed({ name: 'seaborn', change: 'removed' }), 'seaborn', 'removed'],
  [changed({ change: 'moved' }), 'polars 1.9.0, moved', 'changed'],
  [
    changed({ name: 'channels', change: 'setting', before: null, after: null }),
    'channels',
    'changed'
  ],
  [changed(null), 'Nothing changed', null],
  [{ since: null, first: null, more: 0 }, 'climate, 151 packages', null],
  [null, 'climate, 151 packages', null]
])('says of the change %j: %s', (change, words, sign) => {
  expect(titleOf(trans, snapshot({ change }))).toMatchObject({ words, sign });
});

it.each<[Partial<wire.ListedSnapshot>, string]>([
  [{ note: 'x', change: changed(null) }, 'Snapshot by you, nothing changed'],
  [{ note: 'x', change: changed({}, 1) }, 'Snapshot by you, + polars 1.9.0 and 1 more'],
  [{ note: 'x', change: null }, 'Snapshot by you'],
  [
    { reason: 'saved', note: 'work/environment.yml, a1b2c3d' },
    'Saved to environment.yml, a1b2c3d'
  ],
  [{ reason: 'kernel-died' }, 'Kernel died']
])('says why it was kept: %j', (change, words) => {
  const [row] = timelineOf([snapshot(change)], true).rows;
  expect(row && secondLine(trans, row)).toBe(words);
});
