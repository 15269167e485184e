import { Signal, type ISignal } from '@lumino/signaling';
import { Refusal, type IClient, type SaveSource } from './client';
import type * as wire from './wire';

export type SavingState =
  | { readonly kind: 'previewing'; readonly preview: wire.SavePreview | null }
  | { readonly kind: 'ready'; readonly preview: wire.SavePreview }
  | { readonly kind: 'saving'; readonly preview: wire.SavePreview }
  /** File or environment moved on since the preview: nothing was written. */
  | {
      readonly kind: 'stale';
      readonly preview: wire.SavePreview;
      readonly what: 'file' | 'environment';
    }
  /** No preview, or a save that did not work. */
  | {
      readonly kind: 'failed';
      readonly preview: wire.SavePreview | null;
      readonly error: unknown;
    }
  | { readonly kind: 'saved'; readonly reply: wire.SaveReply };

const STALE: Readonly<Record<string, 'file' | 'environment'>> = {
  'target-changed': 'file',
  'document-changed': 'environment'
};

/** One save, from preview to reply. What the person typed survives every failure. */
export class Saving {
  constructor(
    private readonly _client: IClient,
    private readonly _source: SaveSource,
    private readonly _write: <T>(reply: Promise<T>) => Promise<T>
  ) {}

  get state(): SavingState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Server path of the file; empty until the server has chosen. */
  get path(): string {
    return this._path ?? this._preview?.path ?? '';
  }

  set path(value: string) {
    this._path = value;
    this._request += 1;
    this._set({ kind: 'previewing', preview: this._preview });
  }

  get message(): string {
    return this._message ?? this._preview?.message ?? '';
  }

  set message(value: string) {
    this._message = value;
    this._changed.emit();
  }

  /** Whether a commit is wanted; it is not made where one cannot be. */
  get commit(): boolean {
    return this._commit && this.mayCommit;
  }

  set commit(value: boolean) {
    this._commit = value;
    this._changed.emit();
  }

  get mayCommit(): boolean {
    return this._preview !== null && this._preview.commit_problem === null;
  }

  get canSave(): boolean {
    const { state } = this;
    const retry = state.kind === 'failed' && state.preview !== null;
    return (
      (state.kind === 'ready' || retry) && (!this.commit || this.message.trim() !== '')
    );
  }

  /** Ask what would be written now. */
  async preview(): Promise<void> {
    const request = ++this._request;
    this._set({ kind: 'previewing', preview: this._preview });
    try {
      const preview = await this._client.preview(this._source, this._path);
      if (request === this._request) {
        this._preview = preview;
        this._set({ kind: 'ready', preview });
      }
    } catch (error) {
      if (request === this._request) {
        this._preview = null;
        this._set({ kind: 'failed', preview: null, error });
      }
    }
  }

  /** Write exactly what the preview showed. */
  async save(): Promise<void> {
    const preview = this._preview;
    if (!this.canSave || preview === null) {
      return;
    }
    this._set({ kind: 'saving', preview });
    try {
      const reply = await this._write(
        this._client.save({
          source: this._source,
          path: preview.path,
          format: preview.format,
          profile: preview.profile,
          mode: preview.mode,
          base_digest: preview.base_digest,
          place_digest: preview.place_digest,
          document_digest: preview.document_digest,
          commit: this.commit ? { message: this.message } : null
        })
      );
      this._set({ kind: 'saved', reply });
    } catch (error) {
      const what = error instanceof Refusal ? STALE[error.code] : undefined;
      this._set(
        what ? { kind: 'stale', preview, what } : { kind: 'failed', preview, error }
      );
    }
  }

  private _set(state: SavingState): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: SavingState = { kind: 'previewing', preview: null };
  private _preview: wire.SavePreview | null = null;
  private _path: string | null = null;
  private _message: string | null = null;
  private _commit = true;
  private _request = 0;
  private readonly _changed = new Signal<this, void>(this);
}
