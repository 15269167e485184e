import { useEffect, useState, type RefObject, type UIEvent } from 'react';
import { DAY_PX, ROW_PX, rowOf, rowsWithin, type ITimeline } from '../timeline';

/** Until the height is known. */
const ASSUMED_PX = 800;
/** What is drawn above and below what is in view; so far one scrolls without a new drawing. */
const STEP_PX = 256;

/** From which height to which a list that scrolls is to be drawn. */
export function useWindow(
  box: RefObject<HTMLElement>
): readonly [from: number, to: number, onScroll: (event: UIEvent) => void] {
  const [step, setStep] = useState(0);
  const [height, setHeight] = useState(ASSUMED_PX);
  useEffect(() => (box.current ? onHeight(box.current, setHeight) : undefined), [box]);
  const top = step * STEP_PX;
  return [
    top - STEP_PX,
    top + height + 2 * STEP_PX,
    event => {
      setStep(Math.floor(event.currentTarget.scrollTop / STEP_PX));
    }
  ];
}

/** What is in view stays there when rows come or go above it; at the very top, what is new shows. */
export function keepInView(
  box: HTMLElement | null,
  before: ITimeline,
  now: ITimeline
): void {
  if (!box || before === now || box.scrollTop === 0) {
    return;
  }
  const [first] = rowsWithin(before, box.scrollTop, box.scrollTop);
  const anchor = before.rows[first];
  const place = anchor && rowOf(now, anchor.snapshot.id);
  if (anchor && place && place.top !== anchor.top) {
    box.scrollBy(0, place.top - anchor.top);
  }
}

/** Scroll only as far as it takes; the heading of the day stays above the row. */
export function bringIntoView(box: HTMLElement, top: number): void {
  if (top - DAY_PX < box.scrollTop) {
    box.scrollTop = top - DAY_PX;
  } else if (top + ROW_PX > box.scrollTop + box.clientHeight) {
    box.scrollTop = top + ROW_PX - box.clientHeight;
  }
}

/** Tell the height of something, now and whenever it becomes another; the function that ends it. */
export function onHeight(node: HTMLElement, tell: (px: number) => void): () => void {
  if (typeof ResizeObserver === 'undefined') {
    return () => undefined;
  }
  const observer = new ResizeObserver(() => {
    tell(node.offsetHeight);
  });
  observer.observe(node);
  return () => {
    observer.disconnect();
  };
}
