import type { TranslationBundle } from '@jupyterlab/translation';

/** Times and days, in the language of the browser; the clock has 24 hours, as drawn. */

// Made once: to make one takes longer than to use it a hundred times.
const CLOCK = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const TO_THE_SECOND = format({ timeStyle: 'medium', hourCycle: 'h23' });
const LONG_DATE = format({ dateStyle: 'long' });
const WEEKDAY = format({ weekday: 'long', day: 'numeric', month: 'long' });
const WEEKDAY_AND_YEAR = format({
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric'
});
const DAY = format({ day: 'numeric', month: 'long' });

export function clock(at: Date): string {
  return CLOCK.format(at);
}

export function moment(at: Date): string {
  return `${LONG_DATE.format(at)}, ${TO_THE_SECOND.format(at)}`;
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
  return (isOfYear(at, now) ? WEEKDAY : WEEKDAY_AND_YEAR).format(at);
}

/** "3 March"; with its year unless it is this one. */
export function dateWords(at: Date, now: Date): string {
  return (isOfYear(at, now) ? DAY : LONG_DATE).format(at);
}

/** The clock for today, else day and clock: "13:40", "20 November, 13:40". */
export function whenWords(at: Date, now: Date): string {
  return midnight(at) === midnight(now) ? clock(at) : `${DAY.format(at)}, ${clock(at)}`;
}

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, options);
}

function isOfYear(at: Date, now: Date): boolean {
  return at.getFullYear() === now.getFullYear();
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
