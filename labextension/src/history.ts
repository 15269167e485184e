import { Signal, type ISignal } from '@lumino/signaling';
import { Refusal, type IClient, type IHistoryQuery } from './client';
import type { IFollower } from './kernel';
import { REASON_GROUPS, type ReasonGroup } from './reasons';
import { timer, type ITimer } from './retry';
import type * as wire from './wire';
import type { DocumentQuery } from './writing';

export type HistoryState =
  | { readonly kind: 'unread' }
  | { readonly kind: 'reading' }
  | {
      readonly kind: 'ready';
      /** Newest first. */
      readonly snapshots: readonly wire.ListedSnapshot[];
      /** Where the next page begins; null: this is all. */
      readonly next: string | null;
      readonly reading: boolean;
      /** How many there are of whose these are, and since when; null: not told. */
      readonly kept: wire.Extent | null;
      /** Why the rest, or what is new, could not be read; null: it could. */
      readonly problem: unknown;
      /** About where the history lies. */
      readonly findings: readonly wire.Finding[];
    }
  | { readonly kind: 'failed'; readonly error: unknown };

type ReadyState = Extract<HistoryState, { kind: 'ready' }>;

/** Whose snapshots are listed: of the notebook in front, of its environment, or all. */
export type Scope = 'notebook' | 'environment' | 'all';

/** Which snapshots are listed. */
export interface IHistoryFilter {
  /** Only those that have this package, as typed: "numpy", "numpy 1.26"; empty: all. */
  readonly package: string;
  /** Not those that were kept for one of these. */
  readonly hidden: readonly ReasonGroup[];
  /** Where nothing changed several times in a row, each of them. */
  readonly repeats: boolean;
  readonly scope: Scope;
}

export const NO_FILTER: IHistoryFilter = {
  package: '',
  hidden: [],
  repeats: false,
  scope: 'notebook'
};

/** A snapshot's text, shown in place of the kernel's. */
export interface IPast {
  readonly snapshot: wire.Snapshot;
  readonly text: string;
}

const PAGE = 100;
/** The longest page that the server gives. */
const LONGEST_PAGE = 500;
/** Until a name is typed to its end. */
const TYPING_MS = 250;

/** The snapshots of the notebook in front; without one, all of them. */
export class History {
  constructor(
    private readonly _client: IClient,
    private readonly _follower: IFollower,
    private readonly _timer: ITimer = timer
  ) {
    this._notebook = this._follower.subject?.path ?? null;
    this._follower.changed.connect(this._onSubject, this);
  }

  get state(): HistoryState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get filter(): IHistoryFilter {
    return this._filter;
  }

  /** List only these; what is in view stays until they are there. */
  set filter(filter: IHistoryFilter) {
    const typing = filter.package !== this._filter.package;
    this._filter = filter;
    this._stopWaiting();
    this._changed.emit();
    if (typing && filter.package !== '') {
      this._stopWaiting = this._timer.after(TYPING_MS, () => {
        this.refresh();
      });
    } else {
      this.refresh();
    }
  }

  /** Where the kernel in front runs; null where that is not known. */
  set prefix(prefix: string | null) {
    if (prefix !== this._prefix) {
      this._prefix = prefix;
      if (this._filter.scope === 'environment') {
        this.refresh();
      }
    }
  }

  /** The snapshot of this id, if it is in the list. */
  find(id: string): wire.ListedSnapshot | undefined {
    const { _state: state } = this;
    return state.kind === 'ready'
      ? state.snapshots.find(snapshot => snapshot.id === id)
      : undefined;
  }

  /** While false, nothing is asked. */
  set visible(value: boolean) {
    this._visible = value;
    if (value) {
      this.refresh();
    }
  }

  /** Read what is new; what is in view stays, however far down that is. */
  refresh(): void {
    if (this._visible) {
      void this._read('new');
    }
  }

  /** Read again all that is in the list: one of its rows is not as it was. */
  reload(): void {
    if (this._visible) {
      void this._read('all');
    }
  }

  /** Read it, unless that was done: somebody is to choose from it. */
  wanted(): void {
    if (this._state.kind === 'unread' || this._state.kind === 'failed') {
      void this._read('new');
    }
  }

  /** Read the page after the last. */
  more(): void {
    const { _state: state } = this;
    if (state.kind === 'ready' && state.next !== null && !state.reading) {
      void this._read('more');
    }
  }

  text(snapshot: wire.Snapshot, query: DocumentQuery): Promise<string> {
    return this._client.snapshotDocument(snapshot.id, query);
  }

  /** How a snapshot can be written. */
  formats(): Promise<wire.FormatList> {
    return this._client.formats();
  }

  private _onSubject(): void {
    const notebook = this._follower.subject?.path ?? null;
    if (notebook !== this._notebook) {
      this._notebook = notebook;
      if (this._filter.scope === 'notebook') {
        this._request += 1;
        this._set({ kind: 'unread' });
        this.refresh();
      }
    }
  }

  private async _read(what: 'new' | 'all' | 'more'): Promise<void> {
    const request = ++this._request;
    const query = this._query();
    const key = JSON.stringify(query);
    const kept = this._state.kind === 'ready' ? this._state : null;
    const same = key === this._listed ? kept : null;
    this._set(kept ? { ...kept, reading: true, problem: null } : { kind: 'reading' });
    try {
      const page =
        what === 'all'
          ? await this._pages(query, same?.snapshots.length ?? 0)
          : await this._page(query, what === 'more' ? (same?.next ?? null) : null);
      if (request === this._request) {
        this._listed = key;
        this._set(joined(page, same, what));
      }
    } catch (error) {
      if (request !== this._request) {
        return;
      }
      if (what === 'more' && error instanceof Refusal && error.status === 404) {
        // The row that it was to go on from was deleted elsewhere.
        void this._read('all');
      } else if (kept) {
        this._set({ ...kept, reading: false, problem: error });
      } else {
        this._set({ kind: 'failed', error });
      }
    }
  }

  /** As many rows as there were, from the newest on. */
  private async _pages(query: IHistoryQuery, count: number): Promise<wire.SnapshotPage> {
    let page = await this._page(query, null, Math.max(count, PAGE));
    const { kept } = page;
    while (page.next !== null && page.snapshots.length < count) {
      const missing = count - page.snapshots.length;
      const next = await this._page(query, page.next, missing);
      page = { ...next, snapshots: [...page.snapshots, ...next.snapshots] };
    }
    return { ...page, kept };
  }

  private _page(
    query: IHistoryQuery,
    before: string | null,
    limit = PAGE
  ): Promise<wire.SnapshotPage> {
    if (query.reason?.length === 0) {
      return Promise.resolve({ snapshots: [], next: null });
    }
    return this._client.snapshots({
      ...query,
      ...(before === null ? {} : { before }),
      limit: Math.min(limit, LONGEST_PAGE)
    });
  }

  private _query(): IHistoryQuery {
    const { package: typed, hidden, scope } = this._filter;
    const [name = '', version] = typed
      .trim()
      .toLowerCase()
      .split(/[\s=]+/);
    const notebook = this._follower.subject?.path ?? null;
    return {
      ...(scope === 'notebook' && notebook !== null ? { notebook } : {}),
      ...(scope === 'environment' && this._prefix !== null
        ? { prefix: this._prefix }
        : {}),
      ...(name === '' ? {} : { package: name }),
      ...(version ? { version } : {}),
      ...(hidden.length > 0 ? { reason: reasonsBut(hidden) } : {})
    };
  }

  private _set(state: HistoryState): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: HistoryState = { kind: 'unread' };
  private _filter: IHistoryFilter = NO_FILTER;
  /** The query whose answer is in the list. */
  private _listed = '';
  private _notebook: string | null;
  private _prefix: string | null = null;
  private _visible = false;
  private _request = 0;
  private _stopWaiting: () => void = () => undefined;
  private readonly _changed = new Signal<this, void>(this);
}

function reasonsBut(hidden: readonly ReasonGroup[]): readonly wire.Reason[] {
  return Object.entries(REASON_GROUPS).flatMap(([group, reasons]) =>
    hidden.some(each => each === group) ? [] : reasons
  );
}

/** What was read, with what was there of the same query. */
function joined(
  page: wire.SnapshotPage,
  before: ReadyState | null,
  what: 'new' | 'all' | 'more'
): ReadyState {
  const state: ReadyState = {
    kind: 'ready',
    snapshots: page.snapshots,
    next: page.next,
    reading: false,
    kept: page.kept ?? before?.kept ?? null,
    problem: null,
    findings: page.findings ?? []
  };
  if (!before || what === 'all') {
    return state;
  }
  if (what === 'more') {
    return { ...state, snapshots: [...before.snapshots, ...page.snapshots] };
  }
  // What is new stands on top; where it does not meet what was there, that is read again.
  const last = page.snapshots.at(-1)?.id;
  const at = before.snapshots.findIndex(({ id }) => id === last);
  return page.next === null || at < 0
    ? state
    : {
        ...state,
        snapshots: [...page.snapshots, ...before.snapshots.slice(at + 1)],
        next: before.next
      };
}
