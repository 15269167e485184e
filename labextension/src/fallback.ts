import type { IClient } from './client';
import type { ISubject } from './kernel';
import type { ITimer } from './retry';

const FIRST_MS = 30_000;
const LAST_MS = 300_000;

export interface IFallbackOptions {
  client: Pick<IClient, 'kernel'>;
  timer: ITimer;
  /** The kernel in front; null: nobody wants to know. */
  subject: () => ISubject | null;
  /** Whether nobody looks. */
  hidden: () => boolean;
  /** Something changed for this kernel of which no event told. */
  changed: (kernelId: string) => void;
}

/**
 * Looks after 30, 60 … 300 seconds whether something changed, for where the server's events do
 * not come through. Whatever is heard puts the next look off as far as it goes.
 */
export class Fallback {
  constructor(private readonly _options: IFallbackOptions) {}

  start(): void {
    this._later();
  }

  /** An event came through: there is nothing to look for meanwhile. */
  heard(): void {
    this._last = null;
    this._wait = LAST_MS;
    this._later();
  }

  private _later(): void {
    this._cancel();
    this._cancel = this._options.timer.after(this._wait, () => void this._look());
  }

  private async _look(): Promise<void> {
    const { subject, hidden, changed } = this._options;
    const kernelId = subject()?.kernelId;
    if (kernelId !== undefined && !hidden()) {
      const before = this._last;
      this._last = await this._ask(kernelId);
      const known = this._last !== null && before?.kernelId === kernelId;
      if (known && this._last?.found !== before.found) {
        this._wait = FIRST_MS;
        changed(kernelId);
      } else {
        this._wait = Math.min(this._wait * 2, LAST_MS);
      }
    }
    this._later();
  }

  private async _ask(kernelId: string): Promise<ILook | null> {
    try {
      const { fingerprint, drift, changing } =
        (await this._options.client.kernel(kernelId)) ?? {};
      return { kernelId, found: JSON.stringify([fingerprint, drift, changing]) };
    } catch {
      // What is wrong is told where it matters; the next look is later.
      return null;
    }
  }

  private _wait = FIRST_MS;
  private _last: ILook | null = null;
  private _cancel: () => void = () => undefined;
}

interface ILook {
  readonly kernelId: string;
  /** Another one: something changed. */
  readonly found: string;
}
