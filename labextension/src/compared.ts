import { sinceOf } from './reading';
import type * as wire from './wire';

/** What came of the last comparison of an environment with its file and its last snapshot. */
export class Compared {
  /** Null where it is not known (yet). */
  get drift(): wire.Drift | null {
    return this._drift;
  }

  /** Why it is not known. */
  get problem(): unknown {
    return this._problem;
  }

  /** What changed since it was written down, if it is this environment that was compared. */
  since(digest: string): wire.DiffReply | null {
    return this._drift && digest === this._digest ? sinceOf(this._drift) : null;
  }

  /** Where there is none, what was known before stays. */
  take(found: wire.Drift | Error, digest: string): void {
    const known = !(found instanceof Error);
    this._drift = known ? found : this._drift;
    this._digest = known ? digest : this._digest;
    this._problem = known ? null : found;
  }

  forget(): void {
    this._drift = null;
    this._problem = null;
  }

  private _drift: wire.Drift | null = null;
  private _problem: unknown = null;
  /** Of the environment that was compared. */
  private _digest: string | null = null;
}
