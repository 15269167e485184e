import { Signal, type ISignal } from '@lumino/signaling';
import { Refusal } from './client';

/** Whether this user may keep and save; true until the server has refused. */
export class Permission {
  get granted(): boolean {
    return this._granted;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Pass on a reply to a write, and note where writing is not allowed. */
  async of<T>(reply: Promise<T>): Promise<T> {
    try {
      return await reply;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'forbidden') {
        this._granted = false;
        this._changed.emit();
      }
      throw error;
    }
  }

  private _granted = true;
  private readonly _changed = new Signal<this, void>(this);
}
