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
