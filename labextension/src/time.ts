import type { TranslationBundle } from '@jupyterlab/translation';

/** Times and days, in the language of the browser; the clock has 24 hours, as drawn. */
export function clock(at: Date): string {
  return at.toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
}

export function moment(at: Date): string {
  const day = at.toLocaleDateString(undefined, { dateStyle: 'long' });
  const time = at.toLocaleTimeString(undefined, {
    timeStyle: 'medium',
    hourCycle: 'h23'
  });
  return `${day}, ${time}`;
}

/** "Today", "Yesterday", else the day; with its year unless it is this one. */
export function dayWords(trans: TranslationBundle, at: Date, now: Date): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) {
    return trans.__('Today');
  }
  if (days === 1) {
    return trans.__('Yesterday');
  }
  const year = at.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return at.toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year
  });
}

/** The clock for today, else day and clock: "13:40", "20 November, 13:40". */
export function whenWords(at: Date, now: Date): string {
  if (midnight(at) === midnight(now)) {
    return clock(at);
  }
  return `${at.toLocaleDateString(undefined, { day: 'numeric', month: 'long' })}, ${clock(at)}`;
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
