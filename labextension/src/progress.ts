import type { IClient } from './client';
import type { ITimer } from './retry';
import type * as wire from './wire';

const EACH_MS = 1000;

/** Tell each second how far the first reading is, while it is `wanted`; the function that ends it. */
export function followProgress(
  client: IClient,
  timer: ITimer,
  kernelId: string,
  wanted: () => boolean,
  tell: (progress: wire.Progress) => void
): () => void {
  let over = false;
  let cancel = (): void => undefined;
  const ask = async (): Promise<void> => {
    if (wanted()) {
      // The reading itself tells what is wrong.
      const kernel = await client.kernel(kernelId).catch(() => null);
      if (kernel?.first_reading && !over) {
        tell(kernel.first_reading);
      }
    }
    if (!over) {
      cancel = timer.after(EACH_MS, () => void ask());
    }
  };
  void ask();
  return () => {
    over = true;
    cancel();
  };
}
