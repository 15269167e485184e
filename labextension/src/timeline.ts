import type * as wire from './wire';

/** As the style sheet has them: only rows in view are drawn, so that their places must be known. */
export const DAY_PX = 30;
export const ROW_PX = 46;

/** A row of the list: a snapshot, and newer ones that only repeat it. */
export interface ITimelineRow {
  readonly index: number;
  readonly snapshot: wire.ListedSnapshot;
  /** Newest first; those before the snapshot itself, which is the oldest. */
  readonly repeats: readonly wire.ListedSnapshot[];
  /** Index of its day. */
  readonly day: number;
  /** From the top of the list, with nothing unfolded. */
  readonly top: number;
}

export interface ITimelineDay {
  /** Its beginning. */
  readonly at: Date;
  readonly top: number;
  readonly rows: readonly ITimelineRow[];
}

/** The snapshots by day, newest first, and where each stands. */
export interface ITimeline {
  readonly days: readonly ITimelineDay[];
  readonly rows: readonly ITimelineRow[];
  readonly height: number;
}

/** `fold`: what repeats without a change is one row. */
export function timelineOf(
  snapshots: readonly wire.ListedSnapshot[],
  fold: boolean
): ITimeline {
  const days: (ITimelineDay & { rows: ITimelineRow[] })[] = [];
  const rows: ITimelineRow[] = [];
  let top = 0;
  let key = NaN;
  for (const snapshot of snapshots) {
    const own = dayOf(snapshot);
    let day = days[days.length - 1];
    const newer = own === key ? rows[rows.length - 1] : undefined;
    if (day && newer && fold && repeats(newer.snapshot, snapshot)) {
      const all = [...newer.repeats, newer.snapshot];
      const row = { ...newer, snapshot, repeats: all };
      rows[row.index] = row;
      day.rows[day.rows.length - 1] = row;
      continue;
    }
    if (!day || own !== key) {
      key = own;
      day = { at: new Date(own), top, rows: [] };
      days.push(day);
      top += DAY_PX;
    }
    const row: ITimelineRow = {
      index: rows.length,
      snapshot,
      repeats: [],
      day: days.length - 1,
      top
    };
    rows.push(row);
    day.rows.push(row);
    top += ROW_PX;
  }
  return { days, rows, height: top };
}

/** The rows from one height to another: of these, the index of the first and after the last. */
export function rowsWithin(
  { rows }: ITimeline,
  from: number,
  to: number
): readonly [first: number, end: number] {
  return [firstBelow(rows, from - ROW_PX), firstBelow(rows, to)];
}

/** The row of a snapshot, also where it is folded into one. */
export function rowOf({ rows }: ITimeline, id: string | null): ITimelineRow | undefined {
  return id === null
    ? undefined
    : rows.find(
        ({ snapshot, repeats: folded }) =>
          snapshot.id === id || folded.some(each => each.id === id)
      );
}

export function isUnchanged({ change }: wire.ListedSnapshot): boolean {
  return !!change && change.since !== null && change.first === null;
}

/** Asked of all snapshots whenever some more are there: reading a date takes its time. */
const DAYS = new WeakMap<wire.Snapshot, number>();

/** When the snapshot's day began. */
function dayOf(snapshot: wire.Snapshot): number {
  let day = DAYS.get(snapshot);
  if (day === undefined) {
    day = new Date(snapshot.taken_at).setHours(0, 0, 0, 0);
    DAYS.set(snapshot, day);
  }
  return day;
}

function repeats(newer: wire.ListedSnapshot, older: wire.ListedSnapshot): boolean {
  return (
    newer.reason === older.reason &&
    newer.notebook === older.notebook &&
    isUnchanged(newer) &&
    isUnchanged(older) &&
    !newer.note &&
    !older.note
  );
}

/** Index of the first row whose top is at this height or below it. */
function firstBelow(rows: readonly ITimelineRow[], height: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.top ?? 0) < height) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
