import type { Event } from '@jupyterlab/services';
import { Signal, type ISignal, type IStream } from '@lumino/signaling';

const SNAPSHOT = 'https://events.jupyter.org/jupyter_envsnap/snapshot/v1';
const DRIFT = 'https://events.jupyter.org/jupyter_envsnap/drift/v1';

/** Of the server's own contents manager. */
const CONTENTS = 'https://events.jupyter.org/jupyter_server/contents_service/v1';

/** Something was installed where a kernel runs, or what it is compared with is another. */
export interface IKernelChange {
  readonly kernelId: string;
  /** What was installed, in a few words; null where it was something else. */
  readonly summary: string | null;
  /** Of how many changes the summary is. */
  readonly count: number;
}

/** What the server tells by itself: hints, after which is asked. */
export class Hearing {
  constructor(private readonly _stream: IStream<unknown, Event.Emission>) {
    this._stream.connect(this._hear, this);
  }

  /** A snapshot came into the history: of which kernel, where it is of one. */
  get snapshotTaken(): ISignal<this, string | null> {
    return this._snapshotTaken;
  }

  get kernelChanged(): ISignal<this, IKernelChange> {
    return this._kernelChanged;
  }

  /** Server path of a file that was written, by whomever. */
  get fileWritten(): ISignal<this, string> {
    return this._fileWritten;
  }

  /** Anything was heard, also of others: the connection works. */
  get heard(): ISignal<this, void> {
    return this._heard;
  }

  dispose(): void {
    this._stream.disconnect(this._hear, this);
    Signal.clearData(this);
  }

  private _hear(_: unknown, event: Event.Emission): void {
    this._heard.emit();
    const kernelId = wordOf(event['kernel_id']);
    if (event.schema_id === SNAPSHOT) {
      this._snapshotTaken.emit(kernelId);
    } else if (event.schema_id === DRIFT && kernelId !== null) {
      const { summary, changes } = event;
      this._kernelChanged.emit({
        kernelId,
        summary: wordOf(summary),
        count: typeof changes === 'number' ? changes : 0
      });
    } else if (event.schema_id === CONTENTS && event['action'] === 'save') {
      this._fileWritten.emit(wordOf(event['path']) ?? '');
    }
  }

  private readonly _snapshotTaken = new Signal<this, string | null>(this);
  private readonly _kernelChanged = new Signal<this, IKernelChange>(this);
  private readonly _fileWritten = new Signal<this, string>(this);
  private readonly _heard = new Signal<this, void>(this);
}

function wordOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
