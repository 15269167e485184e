import type { State } from './state';

type Ready = Extract<State, { kind: 'ready' }>;

/** So many kernels somebody goes back and forth between. */
const KEPT = 8;

/** What was last in view of each kernel: whoever comes back to it sees that at once. */
export class Seen {
  of(kernelId: string): Ready | null {
    return this._states.get(kernelId) ?? null;
  }

  keep(state: Ready): void {
    const { kernelId } = state.subject;
    this._states.delete(kernelId);
    this._states.set(kernelId, state);
    const [oldest] = this._states.keys();
    if (this._states.size > KEPT && oldest !== undefined) {
      this._states.delete(oldest);
    }
  }

  private readonly _states = new Map<string, Ready>();
}
