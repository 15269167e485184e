import { Signal, type ISignal } from '@lumino/signaling';
import type { IClient } from './client';
import type * as wire from './wire';

/** What became of asking the kernel where it runs. */
export type Asking =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The question to one kernel. Once it is forgotten, its answer is dropped. */
export class Question {
  constructor(private readonly _client: IClient) {}

  get state(): Asking {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The answer, or null where there is none (any more). */
  async ask(kernelId: string): Promise<wire.KernelEnvironment | null> {
    const request = ++this._request;
    this._set({ kind: 'asking' });
    try {
      const kernel = await this._client.askKernel(kernelId);
      if (request !== this._request) {
        return null;
      }
      this._set({ kind: 'none' });
      return kernel;
    } catch (error) {
      if (request === this._request) {
        this._set({ kind: 'failed', error });
      }
      return null;
    }
  }

  forget(): void {
    this._request += 1;
    if (this._state.kind !== 'none') {
      this._set({ kind: 'none' });
    }
  }

  private _set(state: Asking): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: Asking = { kind: 'none' };
  private _request = 0;
  private readonly _changed = new Signal<this, void>(this);
}
