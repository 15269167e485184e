import { Signal, type ISignal } from '@lumino/signaling';
import { Question, type Asking } from './asking';
import type { IClient } from './client';
import { Compared } from './compared';
import type { IFollower, ISubject } from './kernel';
import { Permission } from './permission';
import { followProgress } from './progress';
import { compare, read, standingOf } from './reading';
import { Retry, timer, type ITimer } from './retry';
import { Seen } from './seen';
import {
  isHere,
  obstacleTo,
  stateAfter,
  turnOf,
  type AskObstacle,
  type IReading,
  type Standing,
  type State
} from './state';
import type * as wire from './wire';
import { Writing } from './writing';

/** A reading that takes no longer shows no spinner. */
const SLOW_MS = 300;

/**
 * The environment of the kernel in front. Requests are numbered: an answer to any but the latest
 * is dropped. Nothing is asked before the page is visible.
 */
export class Model {
  /** How its text is to be written. */
  readonly writing = new Writing();
  readonly permission = new Permission();

  constructor(
    private readonly _client: IClient,
    private readonly _follower: IFollower,
    private readonly _timer: ITimer = timer
  ) {
    this._question = new Question(_client);
    this._retry = new Retry(_timer, () => {
      this.refresh();
    });
    this._question.changed.connect(this._emit, this);
    this.permission.changed.connect(this._emit, this);
    this.writing.changed.connect(this._onWriting, this);
    this._follower.changed.connect(this._onSubject, this);
    this._onSubject();
  }

  get state(): State {
    return this._state;
  }

  get subject(): ISubject | null {
    return this._follower.subject;
  }

  /** The text and facts in view, live or kept. */
  get reading(): IReading | null {
    return 'reading' in this._state ? this._state.reading : null;
  }

  get standing(): Standing {
    return this._state.kind === 'ready' ? this._state.standing : { kind: 'open' };
  }

  /** What changed since its file and its last snapshot; null where that is not known (yet). */
  get drift(): wire.Drift | null {
    return this._compared.drift;
  }

  /** What changed since it was written down, where that is of the environment in view. */
  get since(): wire.DiffReply | null {
    return this._state.kind === 'ready'
      ? this._compared.since(this._state.reading.environment.digest)
      : null;
  }

  /** Why that is not known. */
  get driftProblem(): unknown {
    return this._compared.problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** False once the server has refused to keep or save anything for this user. */
  get mayWrite(): boolean {
    return this.permission.granted;
  }

  get asking(): Asking {
    return this._question.state;
  }

  /** Why the kernel cannot be asked; null: it can. */
  get askObstacle(): AskObstacle | null {
    return obstacleTo(this._state, this.asking);
  }

  /** Whether another environment may be taken for the kernel's. */
  get mayChoose(): boolean {
    return this.mayWrite && isHere(this._state);
  }

  get visible(): boolean {
    return this._visible;
  }

  set visible(value: boolean) {
    if (value !== this._visible) {
      this._visible = value;
      if (value) {
        this.refresh();
      } else {
        this._retry.cancel();
      }
    }
  }

  /** Something changed for a kernel, here or on the server; only the one in front matters. */
  heard(kernelId: string): void {
    if (kernelId === this.subject?.kernelId) {
      this.refresh();
    }
  }

  /** Read again; what is in view stays until the answer is there. */
  refresh(): void {
    this._compares = true;
    this._readAgain();
  }

  /**
   * Ask the kernel itself where it runs, and read again; the answer, or null where there is none.
   * What is in view stays.
   */
  async ask(): Promise<wire.KernelEnvironment | null> {
    const { subject } = this;
    if (!subject || this.askObstacle !== null) {
      return null;
    }
    const kernel = await this._question.ask(subject.kernelId);
    if (kernel) {
      this.refresh();
    }
    return kernel;
  }

  /** What came of the question has been read. */
  forgetQuestion(): void {
    this._question.forget();
  }

  /** Take this environment for the kernel's (null: the one the server finds), and read again. */
  async choose(kernelId: string, path: string | null): Promise<void> {
    await this.permission.of(this._client.choosePrefix(kernelId, path));
    this.forgetQuestion();
    this.refresh();
  }

  async restartKernel(): Promise<void> {
    await this._follower.restart();
  }

  async takeSnapshot(): Promise<wire.SnapshotTaken> {
    if (!this.subject) {
      throw new Error('There is no kernel.');
    }
    return this.permission.of(this._client.takeSnapshot(this.subject.kernelId));
  }

  private _onSubject(): void {
    const { subject } = this;
    const before = this._state;
    if (!subject) {
      this._drop();
      this._compared.forget();
      this._set({ kind: 'no-kernel' });
      return;
    }
    switch (turnOf(before, subject)) {
      case 'begins':
        this._drop();
        this._begin(subject);
        break;
      case 'died': {
        const { reading } = this;
        this._drop();
        this._set({ kind: 'dead', subject, reading, at: this._timer.now() });
        break;
      }
      case 'waking':
        this._set({ kind: 'starting', subject });
        break;
      case 'restarted':
        this.forgetQuestion();
        this._set({ ...before, subject } as State);
        this.refresh();
        break;
      case 'goes-on':
        this._set({ ...before, subject } as State);
        break;
      case 'stays-dead':
    }
  }

  private _begin(subject: ISubject): void {
    this._compared.forget();
    const known = this._seen.of(subject.kernelId);
    if (subject.state === 'starting') {
      this._set({ kind: 'starting', subject });
    } else {
      this._set(
        known
          ? { ...known, subject, refreshing: false }
          : { kind: 'reading', subject, slow: false, progress: null }
      );
      this.refresh();
    }
  }

  /** Forget every request under way. */
  private _drop(): void {
    this._request += 1;
    this._retry.forget();
    this._question.forget();
  }

  /** The text anew; how it stands to its file is the same. */
  private _onWriting(): void {
    this._emit();
    this._readAgain();
  }

  private _readAgain(): void {
    if (this.subject && this._visible) {
      void this._read(this.subject);
    }
  }

  private async _read(subject: ISubject): Promise<void> {
    const request = ++this._request;
    this._retry.cancel();
    const answered = this._markReading(subject, request);
    try {
      const reading = await read(this._client, subject.kernelId, this.writing, () =>
        this._timer.now()
      ).finally(answered);
      if (request === this._request) {
        this._retry.forget();
        this._accept(reading);
        if (this._compares) {
          await this._compare(subject, request);
        }
      }
    } catch (error) {
      if (request === this._request) {
        this._fail(subject, error);
      }
    }
  }

  /**
   * Say that it is read; where there is no text, once that takes long. To be called back when it
   * was.
   */
  private _markReading(subject: ISubject, request: number): () => void {
    const state = this._state;
    if (state.kind === 'ready') {
      this._set({ ...state, subject, refreshing: true });
    } else if (this.reading === null) {
      let end = this._timer.after(SLOW_MS, () => {
        end = this._tellProgress(subject, request);
      });
      return () => {
        end();
      };
    }
    return () => undefined;
  }

  private _tellProgress(subject: ISubject, request: number): () => void {
    const tell = (progress: wire.Progress | null): void => {
      if (request === this._request) {
        const current = this._follower.subject ?? subject;
        this._set({ kind: 'reading', subject: current, slow: true, progress });
      }
    };
    tell(null);
    const wanted = (): boolean => this._visible && request === this._request;
    return followProgress(this._client, this._timer, subject.kernelId, wanted, tell);
  }

  private _accept(reading: IReading): void {
    const { subject } = this;
    const before = this._state;
    if (!subject) {
      return;
    }
    if (subject.state === 'stopped') {
      const at = before.kind === 'dead' ? before.at : null;
      this._set({ kind: 'dead', subject, reading, at });
    } else {
      const standing =
        before.kind === 'ready' && samePlace(before.reading, reading)
          ? before.standing
          : ({ kind: 'open' } as const);
      this._set({ kind: 'ready', subject, reading, standing, refreshing: false });
    }
  }

  private async _compare(subject: ISubject, request: number): Promise<void> {
    const found = await compare(this._client, subject.kernelId);
    if (request === this._request && this._state.kind === 'ready') {
      this._compares = false;
      this._compared.take(found, this._state.reading.environment.digest);
      this._set({
        ...this._state,
        standing: found instanceof Error ? { kind: 'unknown' } : standingOf(found.numbers)
      });
    }
  }

  private _fail(subject: ISubject, error: unknown): void {
    const after = stateAfter(subject, error);
    if (after === 'unreachable') {
      const retryAt = this._retry.later(this._visible);
      this._set({ kind: 'unreachable', subject, reading: this.reading, retryAt });
    } else if (after === 'starting' && subject.state === 'stopped') {
      // The server has forgotten it: what it had stays.
      const at = this._state.kind === 'dead' ? this._state.at : null;
      this._set({ kind: 'dead', subject, reading: this.reading, at });
    } else if (after === 'starting') {
      this._retry.later(this._visible);
      const state = this._state;
      // What it had before stays while it comes back.
      this._set(
        state.kind === 'ready'
          ? { ...state, subject, refreshing: false }
          : { kind: 'starting', subject }
      );
    } else {
      this._set(after);
    }
  }

  private _set(state: State): void {
    if (state.kind === 'ready') {
      this._seen.keep(state);
    }
    this._state = state;
    this._emit();
  }

  private _emit(): void {
    this._changed.emit();
  }

  private _state: State = { kind: 'no-kernel' };
  private readonly _seen = new Seen();
  private _visible = false;
  private _request = 0;
  /** It is still to be compared with its file. */
  private _compares = false;
  private readonly _compared = new Compared();
  private readonly _question: Question;
  private readonly _retry: Retry;
  private readonly _changed = new Signal<this, void>(this);
}

function samePlace(a: IReading, b: IReading): boolean {
  return a.kernel.prefix?.path === b.kernel.prefix?.path;
}
