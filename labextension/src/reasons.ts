import type { IconName } from './drawings';
import type * as wire from './wire';

/** The drawing for why a snapshot was kept. */
export const REASON_ICONS: Readonly<Record<wire.Reason, IconName>> = {
  manual: 'snapshot',
  changed: 'delta',
  'kernel-start': 'right',
  'kernel-shutdown': 'power',
  'kernel-restart': 'refresh',
  'kernel-died': 'died',
  'server-stop': 'server',
  recovered: 'recovered',
  cli: 'terminal',
  saved: 'branch'
};

/** Reasons that a person shows or hides together. */
export type ReasonGroup = 'yours' | 'changed' | 'kernel' | 'server';

export const REASON_GROUPS: Readonly<Record<ReasonGroup, readonly wire.Reason[]>> = {
  yours: ['manual', 'saved', 'cli'],
  changed: ['changed'],
  kernel: ['kernel-start', 'kernel-shutdown', 'kernel-restart', 'kernel-died'],
  server: ['server-stop', 'recovered']
};
