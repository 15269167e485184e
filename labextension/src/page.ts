import { Signal, type ISignal } from '@lumino/signaling';
import type { Comparing, ISide } from './comparing';
import type { History, IPast } from './history';
import type { Model } from './model';
import type * as wire from './wire';

export type Tab = 'environment' | 'changes' | 'history';

/** What the panel shows: which view, and whether of now or of a snapshot. */
export class Page {
  constructor(
    readonly model: Model,
    readonly history: History,
    readonly comparing: Comparing
  ) {
    this._kernelId = model.subject?.kernelId ?? null;
    model.changed.connect(this._onModel, this);
    model.writing.changed.connect(this._onWriting, this);
    history.changed.connect(this._emit, this);
    comparing.changed.connect(this._emit, this);
  }

  get tab(): Tab {
    return this._tab;
  }

  /** The snapshot in view; null: the environment now. */
  get past(): IPast | null {
    return this._past;
  }

  /** Why a snapshot could not be opened. */
  get problem(): unknown {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  set visible(value: boolean) {
    this._visible = value;
    this.model.visible = value;
    this._lookAtViews();
  }

  show(tab: Tab): void {
    this._tab = tab;
    this._problem = null;
    this._lookAtViews();
    this._emit();
  }

  async open(snapshot: wire.Snapshot): Promise<void> {
    const request = ++this._request;
    const { writing } = this.model;
    try {
      writing.list ??= await this.history.formats();
      const text = await this.history.text(snapshot, writing.keptQuery);
      if (request === this._request) {
        this._past = { snapshot, text };
        this._tab = 'environment';
        this._problem = null;
      }
    } catch (error) {
      if (request === this._request) {
        this._problem = error;
      }
    }
    this._emit();
  }

  /** Show what changed from one to the other. */
  compare(before: ISide, after: ISide | null): void {
    this.comparing.choose(before, after);
    this.show('changes');
  }

  backToNow(): void {
    this._request += 1;
    this._past = null;
    this._emit();
  }

  private _onModel(): void {
    this.history.prefix = this.model.reading?.kernel.prefix?.path ?? null;
    const kernelId = this.model.subject?.kernelId ?? null;
    if (kernelId !== this._kernelId) {
      this._kernelId = kernelId;
      this._request += 1;
      this._past = null;
    }
    this._emit();
  }

  private _onWriting(): void {
    if (this._past) {
      void this.open(this._past.snapshot);
    }
  }

  /** Only the view in front asks the server. */
  private _lookAtViews(): void {
    this.history.visible = this._visible && this._tab === 'history';
    this.comparing.visible = this._visible && this._tab === 'changes';
  }

  private _emit(): void {
    this._changed.emit();
  }

  private _tab: Tab = 'environment';
  private _past: IPast | null = null;
  private _problem: unknown = null;
  private _visible = false;
  private _request = 0;
  private _kernelId: string | null;
  private readonly _changed = new Signal<this, void>(this);
}
