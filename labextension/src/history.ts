import { Signal, type ISignal } from '@lumino/signaling';
import type { IClient, IHistoryQuery } from './client';
import type { IFollower } from './kernel';
import type * as wire from './wire';
import type { DocumentQuery } from './writing';

export type HistoryState =
  | { readonly kind: 'unread' }
  | { readonly kind: 'reading' }
  | {
      readonly kind: 'ready';
      readonly snapshots: readonly wire.Snapshot[];
      /** Where the next page begins; null: this is all. */
      readonly next: string | null;
      readonly reading: boolean;
      /** About where the history lies. */
      readonly findings: readonly wire.Finding[];
    }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Which snapshots are listed. */
export interface IHistoryFilter {
  /** Only those that have a package of this name; empty: all. */
  readonly package: string;
  readonly reason: wire.Reason | null;
  /** Those of every notebook, not only of the one in front. */
  readonly everywhere: boolean;
}

const NO_FILTER: IHistoryFilter = { package: '', reason: null, everywhere: false };

/** A snapshot's text, shown in place of the kernel's. */
export interface IPast {
  readonly snapshot: wire.Snapshot;
  readonly text: string;
}

/** The snapshots of the notebook in front; without one, all of them. */
export class History {
  constructor(
    private readonly _client: IClient,
    private readonly _follower: IFollower
  ) {
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
    this._filter = filter;
    this._changed.emit();
    this.refresh();
  }

  /** Server path of the notebook whose history it is; null: of all. */
  get notebook(): string | null {
    return this._filter.everywhere ? null : (this._follower.subject?.path ?? null);
  }

  /** While false, nothing is asked. */
  set visible(value: boolean) {
    this._visible = value;
    if (value) {
      this.refresh();
    }
  }

  /** Read the first page again; what is in view stays until it is there. */
  refresh(): void {
    if (this._visible) {
      void this._read(null);
    }
  }

  /** Read it, unless that was done: somebody is to choose from it. */
  wanted(): void {
    if (this._state.kind === 'unread' || this._state.kind === 'failed') {
      void this._read(null);
    }
  }

  /** Read the page after the last. */
  more(): void {
    if (
      this._state.kind === 'ready' &&
      this._state.next !== null &&
      !this._state.reading
    ) {
      void this._read(this._state.next);
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
    if (this.notebook !== this._notebook) {
      this._request += 1;
      this._set({ kind: 'unread' });
      this.refresh();
    }
  }

  private async _read(before: string | null): Promise<void> {
    const request = ++this._request;
    const { notebook } = this;
    this._notebook = notebook;
    const kept = this._state.kind === 'ready' ? this._state : null;
    this._set(kept ? { ...kept, reading: true } : { kind: 'reading' });
    try {
      const page = await this._client.snapshots(this._query(before));
      if (request === this._request) {
        const older = before === null ? [] : (kept?.snapshots ?? []);
        this._set({
          kind: 'ready',
          snapshots: [...older, ...page.snapshots],
          next: page.next,
          reading: false,
          findings: page.findings ?? []
        });
      }
    } catch (error) {
      if (request === this._request) {
        this._set({ kind: 'failed', error });
      }
    }
  }

  private _query(before: string | null): IHistoryQuery {
    const { package: name, reason } = this._filter;
    const wanted = name.trim().toLowerCase();
    return {
      notebook: this.notebook,
      ...(before === null ? {} : { before }),
      ...(wanted === '' ? {} : { package: wanted }),
      ...(reason === null ? {} : { reason })
    };
  }

  private _set(state: HistoryState): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: HistoryState = { kind: 'unread' };
  private _filter: IHistoryFilter = NO_FILTER;
  private _notebook: string | null = null;
  private _visible = false;
  private _request = 0;
  private readonly _changed = new Signal<this, void>(this);
}
