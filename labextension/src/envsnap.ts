import { Signal, type ISignal } from '@lumino/signaling';
import type { IClient } from './client';
import type { Glance } from './glance';
import type { Hearing } from './hearing';
import type { Standing } from './state';
import type { IEnvironmentChange, IEnvSnap } from './tokens';
import type * as wire from './wire';
import type { DocumentQuery } from './writing';

/** The page's own eyes and ears, as other extensions may use them. */
export class EnvSnap implements IEnvSnap {
  constructor(
    private readonly _client: IClient,
    private readonly _glance: Glance,
    hearing: Hearing
  ) {
    this._glance.changed.connect(this._onGlance, this);
    hearing.snapshotTaken.connect((_, kernelId) => {
      this._changed.emit({ kind: 'history', kernelId });
    });
    hearing.kernelChanged.connect((_, { kernelId }) => {
      this._changed.emit({ kind: 'environment', kernelId });
    });
  }

  get kernelId(): string | null {
    return this._glance.subject?.kernelId ?? null;
  }

  get standing(): Standing {
    return this._glance.standing;
  }

  get standingChanged(): ISignal<IEnvSnap, void> {
    return this._standingChanged;
  }

  get changed(): ISignal<IEnvSnap, IEnvironmentChange> {
    return this._changed;
  }

  environment(kernelId: string): Promise<wire.Environment> {
    return this._client.environment(kernelId);
  }

  document(kernelId: string, query: DocumentQuery = {}): Promise<string> {
    return this._client.document(kernelId, query);
  }

  drift(kernelId: string): Promise<wire.Drift> {
    return this._client.drift(kernelId);
  }

  takeSnapshot(kernelId: string): Promise<wire.SnapshotTaken> {
    return this._client.takeSnapshot(kernelId);
  }

  private _onGlance(): void {
    const now = JSON.stringify([this.kernelId, this.standing]);
    if (now !== this._told) {
      this._told = now;
      this._standingChanged.emit();
    }
  }

  private _told = '';
  private readonly _standingChanged = new Signal<this, void>(this);
  private readonly _changed = new Signal<this, IEnvironmentChange>(this);
}
