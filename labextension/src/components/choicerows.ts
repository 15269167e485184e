import type { KeyboardEvent } from 'react';
import { matching, type IChoice, type IOption } from '../choosing';

/** A row of the list; without an option it takes a choice back. */
export interface IRow {
  readonly path: string | null;
  readonly option: IOption | null;
}

export type GroupKind = 'back' | 'named' | 'others';

export interface IGroup {
  readonly kind: GroupKind;
  readonly rows: { readonly row: IRow; readonly index: number }[];
}

export function rowsOf(choice: IChoice, words: string): readonly IRow[] {
  const options = matching(choice.options, words).map(option => ({
    path: option.known.prefix.path,
    option
  }));
  const back = choice.chosen && words.trim() === '';
  return back ? [{ path: null, option: null }, ...options] : options;
}

export function groupsOf(rows: readonly IRow[]): readonly IGroup[] {
  const groups: IGroup[] = [];
  rows.forEach((row, index) => {
    const kind = kindOf(row);
    const last = groups[groups.length - 1];
    if (last?.kind === kind) {
      last.rows.push({ row, index });
    } else {
      groups.push({ kind, rows: [{ row, index }] });
    }
  });
  return groups;
}

function kindOf({ option }: IRow): GroupKind {
  if (!option) {
    return 'back';
  }
  return option.how === null ? 'others' : 'named';
}

/** Where a key leads; a letter to the next name that begins with it, unless it is searched for. */
export function target(
  event: KeyboardEvent,
  at: number,
  rows: readonly IRow[],
  searches: boolean
): number | null {
  const { key } = event;
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    return at + (key === 'ArrowDown' ? 1 : -1);
  }
  if (searches || event.ctrlKey || event.metaKey || event.altKey) {
    return null;
  }
  if (key === 'Home' || key === 'End') {
    return key === 'Home' ? 0 : rows.length - 1;
  }
  if (key.length > 1 || key === ' ') {
    return null;
  }
  const turned = rows.map((_, step) => (at + 1 + step) % rows.length);
  const next = turned.find(index =>
    rows[index]?.option?.known.name.toLowerCase().startsWith(key.toLowerCase())
  );
  return next ?? null;
}
