import { Signal } from '@lumino/signaling';
import type { IClient, IHistoryQuery } from '../../src/client';
import type { IFollower, ISubject } from '../../src/kernel';
import type { ITimer } from '../../src/retry';
import type * as wire from '../../src/wire';
import type { DocumentQuery } from '../../src/writing';
import {
  against,
  diff,
  drift,
  environment,
  FORMATS,
  kernel,
  known,
  outline,
  preview,
  saveReply,
  SETTINGS,
  snapshot,
  SUBJECT,
  TEXT
} from './samples';

/** A server that answers at once with the samples; each answer can be replaced. */
export class FakeClient implements IClient {
  readonly calls: string[] = [];
  readonly saves: wire.SaveRequest[] = [];
  readonly previews: wire.PreviewRequest[] = [];
  /** How texts were to be written. */
  readonly written: DocumentQuery[] = [];
  readonly queries: IHistoryQuery[] = [];

  onKernel = (): Promise<wire.KernelEnvironment | null> => Promise.resolve(kernel());
  onEnvironment = (): Promise<wire.Environment> => Promise.resolve(environment());
  onPrefixes = (): Promise<readonly wire.KnownPrefix[]> =>
    Promise.resolve([known('base', '/opt/conda'), known('climate')]);
  onChoosePrefix = (): Promise<wire.KernelEnvironment> => Promise.resolve(kernel());
  onAskKernel = (): Promise<wire.KernelEnvironment> =>
    Promise.resolve(kernel({ how: 'kernel' }));
  onDocument = (): Promise<string> => Promise.resolve(TEXT);
  onOutline = (): Promise<wire.Outline> => Promise.resolve(outline());
  onTakeSnapshot = (): Promise<wire.SnapshotTaken> =>
    Promise.resolve({ snapshot: snapshot(), unchanged_since: null, findings: [] });
  onSnapshots: (query: IHistoryQuery) => Promise<wire.SnapshotPage> = () =>
    Promise.resolve({ snapshots: [snapshot()], next: null });
  onAnnotate = (): Promise<wire.Snapshot> => Promise.resolve(snapshot());
  onDeleteSnapshot = (): Promise<void> => Promise.resolve();
  onDrift = (): Promise<wire.Drift> =>
    Promise.resolve(drift(against({ same: false, requested: 3 })));
  onDiff: (before: string, after: string) => Promise<wire.DiffReply> = (before, after) =>
    Promise.resolve(diff({ before, after }));
  onSettings = (): Promise<wire.Settings> => Promise.resolve(SETTINGS);
  readonly chosen: wire.SettingsChoice[] = [];
  onPreview: (request: wire.PreviewRequest) => Promise<wire.SavePreview> = () =>
    Promise.resolve(preview());
  onSave = (): Promise<wire.SaveReply> => Promise.resolve(saveReply());

  kernel(id: string): Promise<wire.KernelEnvironment | null> {
    this.calls.push(`kernel ${id}`);
    return this.onKernel();
  }

  environment(): Promise<wire.Environment> {
    this.calls.push('environment');
    return this.onEnvironment();
  }

  document(_kernelId: string, query: DocumentQuery): Promise<string> {
    this.calls.push('document');
    this.written.push(query);
    return this.onDocument();
  }

  outline(): Promise<wire.Outline> {
    this.calls.push('outline');
    return this.onOutline();
  }

  formats(): Promise<wire.FormatList> {
    this.calls.push('formats');
    return Promise.resolve(FORMATS);
  }

  prefixes(): Promise<readonly wire.KnownPrefix[]> {
    this.calls.push('prefixes');
    return this.onPrefixes();
  }

  choosePrefix(kernelId: string, path: string | null): Promise<wire.KernelEnvironment> {
    this.calls.push(`choose ${kernelId} ${path ?? 'automatic'}`);
    return this.onChoosePrefix();
  }

  askKernel(kernelId: string): Promise<wire.KernelEnvironment> {
    this.calls.push(`ask ${kernelId}`);
    return this.onAskKernel();
  }

  takeSnapshot(): Promise<wire.SnapshotTaken> {
    this.calls.push('take');
    return this.onTakeSnapshot();
  }

  snapshots(query: IHistoryQuery): Promise<wire.SnapshotPage> {
    this.queries.push(query);
    return this.onSnapshots(query);
  }

  snapshotDocument(id: string, query: DocumentQuery): Promise<string> {
    this.written.push(query);
    return Promise.resolve(`name: as-of-${id}\n`);
  }

  annotateSnapshot(id: string, note: string | null): Promise<wire.Snapshot> {
    this.calls.push(`note ${id} ${note ?? 'none'}`);
    return this.onAnnotate();
  }

  deleteSnapshot(id: string): Promise<void> {
    this.calls.push(`delete ${id}`);
    return this.onDeleteSnapshot();
  }

  drift(kernelId: string): Promise<wire.Drift> {
    this.calls.push(`drift ${kernelId}`);
    return this.onDrift();
  }

  diff(before: string, after: string): Promise<wire.DiffReply> {
    this.calls.push(`diff ${before} ${after}`);
    return this.onDiff(before, after);
  }

  settings(): Promise<wire.Settings> {
    return this.onSettings();
  }

  changeSettings(choice: wire.SettingsChoice): Promise<wire.Settings> {
    this.chosen.push(choice);
    return this.onSettings();
  }

  preview(request: wire.PreviewRequest): Promise<wire.SavePreview> {
    const { source, path } = request;
    this.calls.push(path ? `preview ${source} ${path}` : `preview ${source}`);
    this.previews.push(request);
    return this.onPreview(request);
  }

  save(request: wire.SaveRequest): Promise<wire.SaveReply> {
    this.saves.push(request);
    return this.onSave();
  }
}

/** The notebook in front, as the test puts it. */
export class FakeFollower implements IFollower {
  readonly changed = new Signal<this, void>(this);
  restarts = 0;
  private _subject: ISubject | null;

  constructor(subject: ISubject | null = SUBJECT) {
    this._subject = subject;
  }

  get subject(): ISubject | null {
    return this._subject;
  }

  set subject(value: ISubject | null) {
    this._subject = value;
    this.changed.emit();
  }

  restart(): Promise<void> {
    this.restarts += 1;
    return Promise.resolve();
  }
}

/** A clock that goes when the test says so. */
export class FakeTimer implements ITimer {
  private _now = new Date(2026, 10, 22, 14, 2).getTime();
  private _pending: { at: number; callback: () => void }[] = [];

  now(): Date {
    return new Date(this._now);
  }

  after(ms: number, callback: () => void): () => void {
    const entry = { at: this._now + ms, callback };
    this._pending.push(entry);
    return () => {
      this._pending = this._pending.filter(other => other !== entry);
    };
  }

  async pass(ms: number): Promise<void> {
    this._now += ms;
    const due = this._pending.filter(entry => entry.at <= this._now);
    this._pending = this._pending.filter(entry => entry.at > this._now);
    for (const entry of due) {
      entry.callback();
    }
    await settled();
  }
}

/** An answer that the test gives when it wants. */
export class Later<T> {
  resolve: (value: T) => void = () => undefined;
  reject: (error: Error) => void = () => undefined;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/** Every answer that is there has been taken in. */
export async function settled(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 0));
}
