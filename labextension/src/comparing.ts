import { Signal, type ISignal } from '@lumino/signaling';
import type { IClient } from './client';
import type { Model } from './model';
import { sinceOf } from './reading';
import type * as wire from './wire';

/** `kernel:ID`, `snapshot:ID`, `file:PATH` or `rev:REVISION:PATH`. */
export type Reference = string;

/** What is compared with what; a snapshot is known by more than its id. */
export interface ISide {
  readonly reference: Reference;
  readonly snapshot: wire.Snapshot | null;
}

export type Comparison =
  /** There is no file and no snapshot yet. */
  | { readonly kind: 'nothing' }
  /** The last answer stays until the next is there. */
  | { readonly kind: 'reading'; readonly diff: wire.DiffReply | null }
  | { readonly kind: 'ready'; readonly diff: wire.DiffReply }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface IComparing {
  /** Null where it is not known yet. */
  readonly before: ISide | null;
  readonly after: ISide | null;
  /** Whether it is the kernel's own: against its file, else its last snapshot. */
  readonly own: boolean;
  /** Server path of the file that describes the kernel's environment; null: there is none. */
  readonly file: string | null;
  readonly result: Comparison;
}

const FILE = 'file:';

export function sideOf(reference: Reference): ISide {
  return { reference, snapshot: null };
}

export function sideOfSnapshot(snapshot: wire.Snapshot): ISide {
  return { reference: `snapshot:${snapshot.id}`, snapshot };
}

/**
 * What changed between two environments: by itself the kernel's since its file, without one since
 * its last snapshot, as the model has read it; else any two that were chosen.
 */
export class Comparing {
  constructor(
    private readonly _client: IClient,
    private readonly _model: Model
  ) {
    this._kernelId = _model.subject?.kernelId ?? null;
    this._model.changed.connect(this._onModel, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): IComparing {
    const own = this._before === null && this._after === null;
    return {
      before: this._beforeSide,
      after: this._afterSide,
      own,
      file: this._file,
      result: own ? this._ownResult() : this._result
    };
  }

  /** While false, nothing is asked. */
  set visible(value: boolean) {
    this._visible = value;
    if (value) {
      this.refresh();
    }
  }

  /** Compare these; null: what is compared by itself. */
  choose(before: ISide | null, after: ISide | null): void {
    this._before = null;
    this._after = null;
    const own =
      (before ?? this._beforeSide)?.reference === this._beforeSide?.reference &&
      (after ?? this._afterSide)?.reference === this._afterSide?.reference;
    if (!own) {
      this._before = before;
      this._after = after;
    }
    this._result = { kind: 'reading', diff: null };
    this.refresh();
    this._changed.emit();
  }

  /** What was before is after, and the other way round. */
  swap(): void {
    const [before, after] = [this._beforeSide, this._afterSide];
    if (before && after) {
      this.choose(after, before);
    }
  }

  /** Read again what was chosen; what is in view stays until it is there. */
  refresh(): void {
    if (this._visible && (this._before ?? this._after)) {
      void this._read();
    }
  }

  private get _drift(): wire.Drift | null {
    return this._model.drift;
  }

  private get _file(): string | null {
    return this._drift?.numbers.file?.name ?? null;
  }

  private get _beforeSide(): ISide | null {
    if (this._before) {
      return this._before;
    }
    const drift = this._drift;
    if (this._file !== null) {
      return sideOf(`${FILE}${this._file}`);
    }
    return drift?.snapshot ? sideOf(drift.snapshot.before) : null;
  }

  private get _afterSide(): ISide | null {
    return this._after ?? (this._kernelId ? sideOf(`kernel:${this._kernelId}`) : null);
  }

  private _ownResult(): Comparison {
    const drift = this._drift;
    if (!drift) {
      return this._model.driftProblem === null
        ? { kind: 'reading', diff: null }
        : { kind: 'failed', error: this._model.driftProblem };
    }
    const { numbers } = drift;
    const problem = (numbers.file ?? numbers.snapshot)?.problem;
    if (problem) {
      return { kind: 'failed', error: new Error(problem.message) };
    }
    const diff = sinceOf(drift);
    return diff ? { kind: 'ready', diff } : { kind: 'nothing' };
  }

  private _onModel(): void {
    const kernelId = this._model.subject?.kernelId ?? null;
    const another = kernelId !== this._kernelId;
    if (another) {
      this._kernelId = kernelId;
      this._before = null;
      this._after = null;
    }
    if (this._drift !== this._seen) {
      this._seen = this._drift;
      if (this._drift) {
        this.refresh();
      }
    }
    this._changed.emit();
  }

  private async _read(): Promise<void> {
    const [before, after] = [this._beforeSide, this._afterSide];
    if (!before || !after) {
      this._set({ kind: 'nothing' });
      return;
    }
    const request = ++this._request;
    if (this._result.kind !== 'failed') {
      // Why it failed stays, too, until there is another answer.
      this._set({
        kind: 'reading',
        diff: 'diff' in this._result ? this._result.diff : null
      });
    }
    try {
      const diff = await this._client.diff(before.reference, after.reference);
      if (request === this._request) {
        this._set({ kind: 'ready', diff });
      }
    } catch (error) {
      if (request === this._request) {
        this._set({ kind: 'failed', error });
      }
    }
  }

  private _set(result: Comparison): void {
    this._result = result;
    this._changed.emit();
  }

  private _before: ISide | null = null;
  private _after: ISide | null = null;
  private _result: Comparison = { kind: 'nothing' };
  private _kernelId: string | null;
  private _seen: wire.Drift | null = null;
  private _visible = false;
  private _request = 0;
  private readonly _changed = new Signal<this, void>(this);
}
