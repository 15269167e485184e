import { Signal, type ISignal } from '@lumino/signaling';
import { Question, type Asking } from './asking';
import { Refusal, SwitchedOff, Unreachable, type IClient } from './client';
import type { IFollower, ISubject } from './kernel';
import type * as wire from './wire';

/** What was read of one kernel's environment, and when. */
export interface IReading {
  readonly kernel: wire.KernelEnvironment;
  readonly environment: wire.Environment;
  readonly text: string;
  readonly readAt: Date;
}

/** How the environment stands to the file that describes it. */
export type Standing =
  /** Not compared yet. */
  | { readonly kind: 'open' }
  /** It could not be compared. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unsaved'; readonly path: string }
  | { readonly kind: 'same'; readonly path: string }
  | { readonly kind: 'differs'; readonly path: string };

export type State =
  | { readonly kind: 'no-kernel' }
  | { readonly kind: 'starting'; readonly subject: ISubject }
  | { readonly kind: 'reading'; readonly subject: ISubject; readonly slow: boolean }
  | {
      readonly kind: 'ready';
      readonly subject: ISubject;
      readonly reading: IReading;
      readonly standing: Standing;
      readonly refreshing: boolean;
    }
  | {
      readonly kind: 'dead';
      readonly subject: ISubject;
      readonly reading: IReading | null;
      /** When it was noticed; null where it was dead already. */
      readonly at: Date | null;
    }
  | {
      readonly kind: 'unreachable';
      readonly subject: ISubject;
      readonly reading: IReading | null;
      readonly retryAt: Date;
    }
  | { readonly kind: 'remote'; readonly subject: ISubject }
  | { readonly kind: 'no-environment'; readonly subject: ISubject }
  | { readonly kind: 'unreadable'; readonly subject: ISubject; readonly message: string }
  | { readonly kind: 'missing'; readonly subject: ISubject; readonly message: string }
  | { readonly kind: 'forbidden'; readonly subject: ISubject }
  | { readonly kind: 'off'; readonly subject: ISubject };

/** Why the kernel cannot be asked now. */
export type AskObstacle = 'foreign' | 'asking' | 'busy' | 'starting' | 'away';

/** Time, as far as the model needs it. */
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

/** The kernel is there, and on this computer. */
const CHOOSABLE: readonly State['kind'][] = [
  'ready',
  'no-environment',
  'missing',
  'unreadable'
];

/** A reading that takes no longer shows no spinner. */
const SLOW_MS = 300;
const FIRST_RETRY_S = 2;
const LAST_RETRY_S = 60;

/**
 * The environment of the kernel in front. Requests are numbered: an answer to any but the latest
 * is dropped. Nothing is asked before the page is visible.
 */
export class Model {
  constructor(
    private readonly _client: IClient,
    private readonly _follower: IFollower,
    private readonly _timer: ITimer = timer
  ) {
    this._question = new Question(_client);
    this._question.changed.connect(this._emit, this);
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

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** False once the server has refused to keep or save anything for this user. */
  get mayWrite(): boolean {
    return this._mayWrite;
  }

  get asking(): Asking {
    return this._question.state;
  }

  /** Why the kernel cannot be asked; null: it can. */
  get askObstacle(): AskObstacle | null {
    const { kind } = this._state;
    const state = this.subject?.state;
    if (this.subject?.askable === false) {
      return 'foreign';
    }
    if (this.asking.kind === 'asking') {
      return 'asking';
    }
    if (state === 'busy' || state === 'starting') {
      return state;
    }
    return state === 'idle' && (kind === 'ready' || kind === 'no-environment')
      ? null
      : 'away';
  }

  /** Whether another environment may be taken for the kernel's. */
  get mayChoose(): boolean {
    return this._mayWrite && CHOOSABLE.includes(this._state.kind);
  }

  get profile(): wire.ProfileEntry | null {
    return this._format?.profiles[0] ?? null;
  }

  get filename(): string {
    return this._format?.filename ?? 'environment.yml';
  }

  set visible(value: boolean) {
    if (value !== this._visible) {
      this._visible = value;
      if (value) {
        this.refresh();
      } else {
        this._cancelRetry();
      }
    }
  }

  /** Read again; what is in view stays until the answer is there. */
  refresh(): void {
    const subject = this._follower.subject;
    if (subject && this._visible) {
      void this._read(subject);
    }
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
    await this.writing(this._client.choosePrefix(kernelId, path));
    this.forgetQuestion();
    this.refresh();
  }

  async restartKernel(): Promise<void> {
    await this._follower.restart();
  }

  async takeSnapshot(): Promise<wire.SnapshotTaken> {
    const subject = this._follower.subject;
    if (!subject) {
      throw new Error('There is no kernel.');
    }
    return this.writing(this._client.takeSnapshot(subject.kernelId));
  }

  /** Pass on a reply to a write, and note where writing is not allowed. */
  async writing<T>(reply: Promise<T>): Promise<T> {
    try {
      return await reply;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'forbidden') {
        this._mayWrite = false;
        this._changed.emit();
      }
      throw error;
    }
  }

  private _onSubject(): void {
    const subject = this._follower.subject;
    const before = this._state;
    if (!subject) {
      this._drop();
      this._set({ kind: 'no-kernel' });
      return;
    }
    if (!('subject' in before) || before.subject.kernelId !== subject.kernelId) {
      this._drop();
      this._begin(subject);
      return;
    }
    if (subject.state === 'stopped') {
      if (before.kind !== 'dead') {
        const { reading } = this;
        this._drop();
        this._set({ kind: 'dead', subject, reading, at: this._timer.now() });
      }
      return;
    }
    const woke = before.kind === 'starting' || before.kind === 'dead';
    if (woke && subject.state !== 'starting') {
      this._begin(subject);
      return;
    }
    const restarted = before.subject.state === 'starting' && subject.state !== 'starting';
    if (before.kind === 'dead') {
      this._set({ kind: 'starting', subject });
    } else {
      this._set({ ...before, subject });
    }
    if (restarted) {
      this.forgetQuestion();
      this.refresh();
    }
  }

  private _begin(subject: ISubject): void {
    if (subject.state === 'starting') {
      this._set({ kind: 'starting', subject });
    } else {
      this._set({ kind: 'reading', subject, slow: false });
      this.refresh();
    }
  }

  /** Forget every request under way. */
  private _drop(): void {
    this._request += 1;
    this._failures = 0;
    this._cancelRetry();
    this._question.forget();
  }

  private async _read(subject: ISubject): Promise<void> {
    const request = ++this._request;
    this._cancelRetry();
    const answered = this._markReading(subject, request);
    try {
      const reading = await this._fetch(subject).finally(answered);
      if (request === this._request) {
        this._failures = 0;
        this._accept(reading);
        await this._compare(subject, request);
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
      return this._timer.after(SLOW_MS, () => {
        if (request === this._request) {
          this._set({
            kind: 'reading',
            subject: this._follower.subject ?? subject,
            slow: true
          });
        }
      });
    }
    return () => undefined;
  }

  private async _fetch(subject: ISubject): Promise<IReading> {
    const kernel = await this._client.kernel(subject.kernelId);
    if (!kernel) {
      throw new Refusal('kernel-not-found', '', 404);
    }
    if (kernel.problem) {
      throw new Refusal(kernel.problem.code, kernel.problem.message, 409);
    }
    const [environment, text, formats] = await Promise.all([
      this._client.environment(subject.kernelId),
      this._client.document(subject.kernelId),
      this._format === null ? this._client.formats() : null
    ]);
    this._format = formats?.[0] ?? this._format;
    return { kernel, environment, text, readAt: this._timer.now() };
  }

  private _accept(reading: IReading): void {
    const subject = this._follower.subject;
    const before = this._state;
    if (!subject) {
      return;
    }
    if (subject.state === 'stopped') {
      const at = before.kind === 'dead' ? before.at : null;
      this._set({ kind: 'dead', subject, reading, at });
    } else {
      const standing: Standing =
        before.kind === 'ready' && samePlace(before.reading, reading)
          ? before.standing
          : { kind: 'open' };
      this._set({ kind: 'ready', subject, reading, standing, refreshing: false });
    }
  }

  /** How it stands to its file. A comparison that fails says nothing: saving will tell why. */
  private async _compare(subject: ISubject, request: number): Promise<void> {
    const standing = await this._client
      .preview(`kernel:${subject.kernelId}`, null)
      .then(standingOf, (error: unknown): Standing => {
        if (error instanceof Refusal || error instanceof Unreachable) {
          return { kind: 'unknown' };
        }
        throw error;
      });
    if (request === this._request && this._state.kind === 'ready') {
      this._set({ ...this._state, standing });
    }
  }

  private _fail(subject: ISubject, error: unknown): void {
    if (error instanceof Unreachable) {
      this._retryLater(subject);
    } else if (error instanceof SwitchedOff) {
      this._set({ kind: 'off', subject });
    } else if (error instanceof Refusal) {
      this._refused(subject, error);
    } else {
      throw error;
    }
  }

  private _refused(subject: ISubject, refusal: Refusal): void {
    const { code, message } = refusal;
    if (refusal.status === 403) {
      this._set({ kind: 'forbidden', subject });
    } else if (code === 'kernel-remote') {
      this._set({ kind: 'remote', subject });
    } else if (code === 'kernel-without-environment' || code === 'not-an-environment') {
      this._set({ kind: 'no-environment', subject });
    } else if (code === 'prefix-missing') {
      this._set({ kind: 'missing', subject, message });
    } else if (code === 'kernel-starting' || code === 'kernel-not-found') {
      // The server knows the kernel a moment later than the page does.
      this._set({ kind: 'starting', subject });
      this._schedule(this._nextDelay());
    } else if (code === 'too-many-requests') {
      this._retryLater(subject);
    } else {
      this._set({ kind: 'unreadable', subject, message });
    }
  }

  private _retryLater(subject: ISubject): void {
    const delay = this._nextDelay();
    const retryAt = new Date(this._timer.now().getTime() + delay * 1000);
    this._set({ kind: 'unreachable', subject, reading: this.reading, retryAt });
    this._schedule(delay);
  }

  private _nextDelay(): number {
    const delay = Math.min(FIRST_RETRY_S * 2 ** this._failures, LAST_RETRY_S);
    this._failures += 1;
    return delay;
  }

  private _schedule(delay: number): void {
    this._cancelRetry();
    if (this._visible) {
      this._cancelRetry = this._timer.after(delay * 1000, () => {
        this.refresh();
      });
    }
  }

  private _set(state: State): void {
    this._state = state;
    this._emit();
  }

  private _emit(): void {
    this._changed.emit();
  }

  private _state: State = { kind: 'no-kernel' };
  private _visible = false;
  private _request = 0;
  private _failures = 0;
  private readonly _question: Question;
  private _mayWrite = true;
  private _format: wire.FormatEntry | null = null;
  private _cancelRetry: () => void = () => undefined;
  private readonly _changed = new Signal<this, void>(this);
}

function samePlace(a: IReading, b: IReading): boolean {
  return a.kernel.prefix?.path === b.kernel.prefix?.path;
}

function standingOf(preview: wire.SavePreview): Standing {
  const { path } = preview;
  if (!preview.exists) {
    return { kind: 'unsaved', path };
  }
  const kind = preview.base_digest === preview.document_digest ? 'same' : 'differs';
  return { kind, path };
}
