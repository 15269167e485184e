import React, { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { dayWords } from '../time';
import {
  DAY_PX,
  ROW_PX,
  rowOf,
  rowsWithin,
  timelineOf,
  type ITimelineRow
} from '../timeline';
import type * as wire from '../wire';
import { HistoryEntry, type IEntryHandlers } from './HistoryEntry';
import { entryActions } from './historyactions';
import type { IHistoryViewProps, ReadyHistory } from './HistoryView';
import { bringIntoView, keepInView, onHeight, useWindow } from './scrolling';

/** What an unfolded row is higher, where it cannot be measured. */
const ACTIONS_PX = 24;

const FIRST = { id: null, index: 0 };

interface IHistoryListProps extends IHistoryViewProps {
  state: ReadyHistory;
  picked: readonly wire.Snapshot[];
  onPick: (snapshot: wire.Snapshot) => void;
}

/**
 * The snapshots by day, as a list without an end: only what is in view is drawn, and the row that
 * has the focus. What comes on top of it moves nothing.
 */
export function HistoryList(props: IHistoryListProps): React.JSX.Element {
  const { trans, state, filter, now, picked } = props;
  const box = useRef<HTMLDivElement>(null);
  const [from, to, onScroll] = useWindow(box);
  const [unfoldedId, setUnfolded] = useState<string | null>(null);
  const [at, setAt] = useState<{ id: string | null; index: number }>(FIRST);
  const [extra, setExtra] = useState(ACTIONS_PX);

  const timeline = useMemo(
    () => timelineOf(state.snapshots, !filter.repeats),
    [state.snapshots, filter.repeats]
  );
  const unfolded = rowOf(timeline, unfoldedId);
  // Where the row is gone, the one that came into its place.
  const active =
    rowOf(timeline, at.id) ?? timeline.rows[Math.min(at.index, timeline.rows.length - 1)];
  const shift = (index: number): number =>
    unfolded && index > unfolded.index ? extra : 0;

  const focus = useRef({ inside: false, wanted: false });
  useLayoutEffect(() => {
    const { inside, wanted } = focus.current;
    // Nothing tells that the row with the focus was taken away.
    const lost = inside && document.activeElement === document.body;
    if (active && (wanted || lost)) {
      focus.current.wanted = false;
      buttonOf(box.current, active)?.focus({ preventScroll: true });
    }
  });

  const shown = useRef(timeline);
  useLayoutEffect(() => {
    keepInView(box.current, shown.current, timeline);
    shown.current = timeline;
  }, [timeline]);

  useLayoutEffect(() => {
    const node = unfolded && entryOf(box.current, unfolded);
    return node
      ? onHeight(node, px => {
          setExtra(px - ROW_PX);
        })
      : undefined;
  }, [unfolded]);

  const height = timeline.height + (unfolded ? extra : 0);
  const { onMore } = props;
  const nearEnd = to + (to - from) > height;
  const wanted = nearEnd && state.next !== null && !state.reading && !state.problem;
  useEffect(() => {
    if (wanted) {
      onMore();
    }
  }, [wanted, onMore]);

  const go = (index: number): void => {
    const row = timeline.rows[Math.min(Math.max(index, 0), timeline.rows.length - 1)];
    if (row && box.current) {
      focus.current.wanted = true;
      setAt({ id: row.snapshot.id, index: row.index });
      bringIntoView(box.current, row.top + shift(row.index));
    }
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const isRow = (event.target as HTMLElement).matches('.jp-EnvSnap-what');
    if (!active || !isRow || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / ROW_PX) - 1);
    const next = {
      ArrowDown: active.index + 1,
      ArrowUp: active.index - 1,
      PageDown: active.index + page,
      PageUp: active.index - page,
      Home: 0,
      End: timeline.rows.length - 1
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      go(next);
    }
  };

  const latest = useRef(props.onPick);
  useLayoutEffect(() => {
    latest.current = props.onPick;
  });
  const [handlers] = useState<IEntryHandlers>(() => ({
    fold: ({ snapshot }) => {
      setUnfolded(id => (id === snapshot.id ? null : snapshot.id));
    },
    pick: snapshot => {
      latest.current(snapshot);
    }
  }));

  const [first, end] = rowsWithin(timeline, from - (unfolded ? extra : 0), to);
  const drawn = timeline.rows.slice(first, end);
  if (active && (active.index < first || active.index >= end)) {
    drawn.push(active);
  }
  const days = [...new Set(drawn.map(row => row.day))].sort((a, b) => a - b);
  return (
    // The keys bubble up from the rows inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={box}
      className={
        picked.length > 0
          ? 'jp-EnvSnap-list jp-EnvSnap-history jp-mod-picking'
          : 'jp-EnvSnap-list jp-EnvSnap-history'
      }
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => {
        focus.current.inside = true;
        const entry = target.closest<HTMLElement>('[data-snapshot]');
        const row = rowOf(timeline, entry?.dataset['snapshot'] ?? null);
        if (row) {
          setAt({ id: row.snapshot.id, index: row.index });
        }
      }}
      onBlur={() => {
        focus.current.inside = false;
      }}
    >
      <div className="jp-EnvSnap-days" style={{ height }}>
        {days.map(index => {
          const day = timeline.days[index];
          const [newest] = day?.rows ?? [];
          const oldest = day?.rows[day.rows.length - 1];
          if (!day || !newest || !oldest) {
            return null;
          }
          const words = dayWords(trans, day.at, now);
          const top = day.top + shift(newest.index);
          const start = newest.top + shift(newest.index);
          const bottom = oldest.top + shift(oldest.index + 1) + ROW_PX;
          return (
            <section
              key={day.at.toDateString()}
              className="jp-EnvSnap-daySection"
              style={{ top, height: bottom - top }}
            >
              <h3 className="jp-EnvSnap-day">{words}</h3>
              <ol
                className="jp-EnvSnap-entries"
                aria-label={words}
                style={{ height: bottom - top - DAY_PX }}
              >
                {drawn
                  .filter(row => row.day === index)
                  .map(row => (
                    <HistoryEntry
                      key={row.snapshot.id}
                      trans={trans}
                      row={row}
                      top={row.top + shift(row.index) - start}
                      position={row.index - newest.index + 1}
                      count={day.rows.length}
                      named={
                        filter.scope !== 'notebook' || !props.scopes.includes('notebook')
                      }
                      unfolded={row === unfolded}
                      picked={picked.some(({ id }) => id === row.snapshot.id)}
                      active={row === active}
                      handlers={handlers}
                      actions={
                        row === unfolded ? entryActions(props, row.snapshot) : null
                      }
                    />
                  ))}
              </ol>
            </section>
          );
        })}
      </div>
    </div>
  );
}

function entryOf(box: HTMLElement | null, row: ITimelineRow): HTMLElement | undefined {
  const drawn = Array.from(box?.querySelectorAll<HTMLElement>('[data-snapshot]') ?? []);
  return drawn.find(({ dataset }) => dataset['snapshot'] === row.snapshot.id);
}

function buttonOf(box: HTMLElement | null, row: ITimelineRow): HTMLElement | null {
  return entryOf(box, row)?.querySelector<HTMLElement>('.jp-EnvSnap-what') ?? null;
}
