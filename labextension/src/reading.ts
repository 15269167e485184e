import { Refusal, SwitchedOff, Unreachable, type IClient } from './client';
import type { IReading, Standing, WrittenDocument } from './state';
import type * as wire from './wire';
import type { Writing } from './writing';

/** With these the server refuses more than this way of writing. */
const NOT_THE_TEXT: readonly number[] = [403, 404, 429];

/** All that is shown of a kernel's environment. */
export async function read(
  client: IClient,
  kernelId: string,
  writing: Writing,
  now: () => Date
): Promise<IReading> {
  const kernel = await client.kernel(kernelId);
  if (!kernel) {
    throw new Refusal('kernel-not-found', '', 404);
  }
  if (kernel.problem) {
    throw new Refusal(kernel.problem.code, kernel.problem.message, 409);
  }
  const [environment, document] = await Promise.all([
    client.environment(kernelId),
    write(client, kernelId, writing)
  ]);
  return { kernel, environment, document, readAt: now() };
}

async function write(
  client: IClient,
  kernelId: string,
  writing: Writing
): Promise<WrittenDocument> {
  writing.list ??= await client.formats();
  const { format, profile, query } = writing;
  if (!format || !profile) {
    throw new Refusal('unexpected', 'The server writes no format.', 200);
  }
  try {
    const [text, outline] = await Promise.all([
      client.document(kernelId, query),
      client.outline(kernelId, query)
    ]);
    return { kind: 'written', format, profile: profile.name, text, outline };
  } catch (error) {
    if (error instanceof Refusal && !NOT_THE_TEXT.includes(error.status)) {
      return { kind: 'refused', format, refusal: error };
    }
    throw error;
  }
}

/** What it became since its file and its last snapshot, or why that is not known. */
export async function compare(
  client: IClient,
  kernelId: string
): Promise<wire.Drift | Refusal | SwitchedOff | Unreachable> {
  try {
    return await client.drift(kernelId);
  } catch (error) {
    if (
      error instanceof Refusal ||
      error instanceof SwitchedOff ||
      error instanceof Unreachable
    ) {
      return error;
    }
    throw error;
  }
}

/** What changed since its file; without one, since its last snapshot. */
export function sinceOf({ numbers, file, snapshot }: wire.Drift): wire.DiffReply | null {
  return numbers.file ? file : snapshot;
}

/** How it stands to its file, in a word. */
export function standingOf({ file, snapshot }: wire.DriftNumbers): Standing {
  if (file?.problem) {
    const { message, detail } = file.problem;
    const line = detail?.['line'];
    return {
      kind: 'unclear',
      path: file.name,
      message,
      line: typeof line === 'number' ? line : null
    };
  }
  if (file) {
    const { name: path, requested, indirect } = file;
    return file.same
      ? { kind: 'same', path }
      : { kind: 'differs', path, requested, indirect };
  }
  if (snapshot && !snapshot.problem && !snapshot.same) {
    const { requested, indirect } = snapshot;
    return { kind: 'since-snapshot', requested, indirect };
  }
  return { kind: 'unsaved' };
}
