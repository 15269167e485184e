import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react';

const STEP: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** One stop for Tab among several buttons; arrows, Home and End move inside. */
export function useRoving<T extends HTMLElement>(
  start: string
): readonly [RefObject<T>, (event: KeyboardEvent) => void] {
  const ref = useRef<T>(null);

  useEffect(() => {
    const items = buttonsIn(ref.current);
    const stop =
      items.find(item => item === document.activeElement) ??
      items.find(item => item.matches(start)) ??
      items[0];
    for (const item of items) {
      item.tabIndex = item === stop ? 0 : -1;
    }
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = buttonsIn(ref.current);
    const at = items.findIndex(item => item === document.activeElement);
    const to = target(event, at, items.length);
    const next = to === null ? undefined : items[to];
    if (at >= 0 && next) {
      event.preventDefault();
      items.forEach(item => (item.tabIndex = item === next ? 0 : -1));
      next.focus();
    }
  };

  return [ref, onKeyDown];
}

function target(event: KeyboardEvent, at: number, count: number): number | null {
  if (event.key === 'Home') {
    return 0;
  }
  if (event.key === 'End') {
    return count - 1;
  }
  const step = STEP[event.key];
  if (step === undefined) {
    return null;
  }
  const turned = getComputedStyle(event.currentTarget).direction === 'rtl' ? -step : step;
  return (at + turned + count) % count;
}

function buttonsIn(node: HTMLElement | null): readonly HTMLButtonElement[] {
  const all = Array.from(node?.querySelectorAll('button') ?? []);
  // Some are only there in a wide panel. (`checkVisibility` is younger than some browsers.)
  return all.filter(
    item => typeof item.checkVisibility !== 'function' || item.checkVisibility()
  );
}
