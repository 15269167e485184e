import type { IStream } from '@lumino/signaling';
import type { Event } from '@jupyterlab/services';

const SNAPSHOT = 'https://events.jupyter.org/jupyter_envsnap/snapshot/v1';
const DRIFT = 'https://events.jupyter.org/jupyter_envsnap/drift/v1';

/** What the server tells by itself: hints, after which the page asks. */
export interface IListener {
  /** A snapshot came into the history. */
  snapshotTaken(): void;
  /** `summary`: what was installed, in a few words; null where it was something else. */
  kernelChanged(kernelId: string, summary: string | null): void;
}

/** Hear what concerns us; the function that ends it. */
export function listen(
  stream: IStream<unknown, Event.Emission>,
  listener: IListener
): () => void {
  const hear = (_: unknown, event: Event.Emission): void => {
    if (event.schema_id === SNAPSHOT) {
      listener.snapshotTaken();
    } else if (event.schema_id === DRIFT) {
      const { kernel_id: kernelId, summary } = event;
      if (typeof kernelId === 'string') {
        listener.kernelChanged(kernelId, typeof summary === 'string' ? summary : null);
      }
    }
  };
  stream.connect(hear);
  return () => {
    stream.disconnect(hear);
  };
}
