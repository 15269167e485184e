/** Time, as far as the models need it. */
export interface ITimer {
  now(): Date;
  /** Call back after so many milliseconds, unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
}

export const timer: ITimer = {
  now: () => new Date(),
  after: (ms, callback) => {
    const id = setTimeout(callback, ms);
    return () => {
      clearTimeout(id);
    };
  }
};

const FIRST_S = 2;
const LAST_S = 60;

/** Tries again after 2, 4, 8 … 60 seconds, until it is forgotten or has worked. */
export class Retry {
  constructor(
    private readonly _timer: ITimer,
    private readonly _work: () => void
  ) {}

  /** Try once more, if `wanted`; when that is. */
  later(wanted: boolean): Date {
    const delay = Math.min(FIRST_S * 2 ** this._failures, LAST_S) * 1000;
    this._failures += 1;
    this.cancel();
    if (wanted) {
      this._cancel = this._timer.after(delay, this._work);
    }
    return new Date(this._timer.now().getTime() + delay);
  }

  /** Not now; how often it did not work is still known. */
  cancel(): void {
    this._cancel();
  }

  /** It worked, or is about something else. */
  forget(): void {
    this._failures = 0;
    this.cancel();
  }

  private _failures = 0;
  private _cancel: () => void = () => undefined;
}
