import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Sign } from './changes';
import type { Scope } from './history';
import type { ReasonGroup } from './reasons';
import { isUnchanged, type ITimelineRow } from './timeline';
import { moment } from './time';
import type * as wire from './wire';
import { reasonWords } from './words';

/** The words of the history. Each is a whole sentence or a whole label. */

/** What a row says on top. */
export interface ITitle {
  readonly words: string;
  /** Null where it is no change. */
  readonly sign: Sign | null;
  readonly quiet: boolean;
}

export function titleOf(trans: TranslationBundle, snapshot: wire.ListedSnapshot): ITitle {
  if (snapshot.note && snapshot.reason !== 'saved') {
    return { words: snapshot.note, sign: null, quiet: false };
  }
  const { change } = snapshot;
  if (change?.first) {
    const words = changeWords(trans, change.first, change.more);
    return { words, sign: signOf(change.first), quiet: false };
  }
  if (isUnchanged(snapshot)) {
    return { words: trans.__('Nothing changed'), sign: null, quiet: true };
  }
  const count = snapshot.conda_count + snapshot.pypi_count;
  return {
    words: trans._n('%2, %1 package', '%2, %1 packages', count, snapshot.name),
    sign: null,
    quiet: false
  };
}

/** Why it was kept, and what the first line does not say. */
export function secondLine(
  trans: TranslationBundle,
  { snapshot, repeats }: ITimelineRow
): string {
  const why = whyWords(trans, snapshot);
  if (repeats.length > 0) {
    return trans._n('%2, %1 time', '%2, %1 times', repeats.length + 1, why);
  }
  if (!snapshot.note || snapshot.reason === 'saved') {
    return why;
  }
  const { change } = snapshot;
  if (change?.first) {
    return trans.__('%1, %2', why, signed(trans, change.first, change.more));
  }
  return isUnchanged(snapshot) ? trans.__('%1, nothing changed', why) : why;
}

/** When it was, to the second; of repeats the first and the last time. */
export function momentsOf(trans: TranslationBundle, row: ITimelineRow): string {
  const { snapshot, repeats } = row;
  const first = moment(new Date(snapshot.taken_at));
  const newest = repeats[0];
  if (!newest) {
    return first;
  }
  const last = moment(new Date(newest.taken_at));
  return repeats.length === 1
    ? trans.__('%1 and %2', first, last)
    : trans.__('%1 to %2', first, last);
}

function whyWords(trans: TranslationBundle, snapshot: wire.Snapshot): string {
  return snapshot.reason === 'saved' && snapshot.note
    ? // The note of a save is its file and commit.
      trans.__('Saved to %1', PathExt.basename(snapshot.note))
    : reasonWords(trans, snapshot.reason);
}

export function signOf({ change }: wire.FirstChange): Sign {
  return change === 'added' || change === 'removed' ? change : 'changed';
}

const SIGNS: Readonly<Record<Sign, string>> = { added: '+', removed: '−', changed: '~' };

function signed(trans: TranslationBundle, first: wire.FirstChange, more: number): string {
  return `${SIGNS[signOf(first)]} ${changeWords(trans, first, more)}`;
}

function changeWords(
  trans: TranslationBundle,
  first: wire.FirstChange,
  more: number
): string {
  const words = firstWords(trans, first);
  return more > 0 ? trans._n('%2 and %1 more', '%2 and %1 more', more, words) : words;
}

function firstWords(
  trans: TranslationBundle,
  { name, change, before, after }: wire.FirstChange
): string {
  const version = after ?? before ?? '';
  const words: Record<wire.FirstChange['change'], string> = {
    added: trans.__('%1 %2', name, version),
    removed: name,
    upgraded: trans.__('%1 %2 → %3', name, before, after),
    downgraded: trans.__('%1 %2 → %3', name, before, after),
    changed: trans.__('%1 %2 → %3', name, before, after),
    moved: trans.__('%1 %2, moved', name, version),
    rebuilt: trans.__('%1 %2, rebuilt', name, version),
    'channel-changed': trans.__('%1 %2, other channel', name, version),
    'source-changed': trans.__('%1 %2, other source', name, version),
    'artifact-replaced': trans.__('%1 %2, replaced', name, version),
    'requested-changed': trans.__('%1 %2, other request', name, version),
    details: trans.__('%1 %2, details', name, version),
    setting: name
  };
  return words[change].trim();
}

export function scopeWords(trans: TranslationBundle, scope: Scope): string {
  const words: Record<Scope, string> = {
    notebook: trans.__('This notebook'),
    environment: trans.__('This environment'),
    all: trans.__('All')
  };
  return words[scope];
}

interface IGroupWords {
  readonly label: string;
  readonly hint: string;
}

export function groupWords(trans: TranslationBundle, group: ReasonGroup): IGroupWords {
  const words: Record<ReasonGroup, IGroupWords> = {
    yours: {
      label: trans.__('Snapshots by you'),
      hint: trans.__('also saved, or from the command line')
    },
    changed: { label: trans.__('Packages changed'), hint: '' },
    kernel: {
      label: trans.__('Kernel started or ended'),
      hint: trans.__('shut down, restarted, died')
    },
    server: { label: trans.__('Server stopped or recovered'), hint: '' }
  };
  return words[group];
}
