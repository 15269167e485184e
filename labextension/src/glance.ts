import { Signal, type ISignal } from '@lumino/signaling';
import { SwitchedOff, type IClient } from './client';
import type { ISubject } from './kernel';
import type { Model } from './model';
import { compare, standingOf } from './reading';
import type { Standing } from './state';
import type * as wire from './wire';

/**
 * How the environment of the kernel in front stands to its file, also while the panel is hidden:
 * less than the model reads, for whoever shows a word of it all the time.
 */
export class Glance {
  constructor(
    private readonly _client: IClient,
    private readonly _model: Model
  ) {
    this._kernelId = this.subject?.kernelId ?? null;
    this._model.changed.connect(this._onModel, this);
  }

  /** Null where there is no kernel that runs. */
  get subject(): ISubject | null {
    const { subject } = this._model;
    return subject?.state === 'stopped' ? null : subject;
  }

  get standing(): Standing {
    return this._standing;
  }

  /** What the environment is called; null where that is not known. */
  get name(): string | null {
    return this._drift?.name ?? null;
  }

  /** The installer at work there. */
  get changing(): string | null {
    return this._drift?.changing ?? null;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** While false, nothing is asked. */
  set active(value: boolean) {
    this._active = value;
    this._look();
  }

  /** Something changed for a kernel; only the one in front matters. */
  heard(kernelId: string): void {
    if (kernelId === this.subject?.kernelId) {
      this.refresh();
    }
  }

  /** Ask again; what is known stays until the answer is there. */
  refresh(): void {
    this._asked = null;
    this._look();
  }

  private _onModel(): void {
    const { standing, drift } = this._model;
    const kernelId = this.subject?.kernelId ?? null;
    if (kernelId !== this._kernelId) {
      this._kernelId = kernelId;
      this._asked = null;
      this._set({ kind: 'open' }, null);
    }
    if (standing !== this._seen && standing.kind !== 'open') {
      // The panel has compared anew; what it holds while hidden may be long past.
      this._seen = standing;
      this._asked = kernelId;
      this._set(standing, drift);
    }
    this._look();
    this._changed.emit();
  }

  private _look(): void {
    const { subject } = this;
    const seen = this._model.visible || this._asked === subject?.kernelId;
    if (this._active && subject && subject.state !== 'starting' && !seen) {
      this._asked = subject.kernelId;
      void this._ask(subject.kernelId);
    }
  }

  private async _ask(kernelId: string): Promise<void> {
    const request = ++this._request;
    const found = await compare(this._client, kernelId);
    if (request === this._request && kernelId === this._kernelId) {
      if (found instanceof SwitchedOff) {
        // Whoever opens the panel is told; there is nothing to say all the time.
        this._set({ kind: 'open' }, null);
      } else if (found instanceof Error) {
        this._set({ kind: 'unknown' }, null);
      } else {
        this._set(standingOf(found.numbers), found);
      }
    }
  }

  private _set(standing: Standing, drift: wire.Drift | null): void {
    this._standing = standing;
    this._drift = drift;
    this._changed.emit();
  }

  private _standing: Standing = { kind: 'open' };
  private _drift: wire.Drift | null = null;
  /** What the panel said last. */
  private _seen: Standing | null = null;
  private _kernelId: string | null;
  private _active = false;
  /** The kernel that was asked about since something changed. */
  private _asked: string | null = null;
  private _request = 0;
  private readonly _changed = new Signal<this, void>(this);
}
