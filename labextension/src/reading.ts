import { Refusal, Unreachable, type IClient, type SaveSource } from './client';
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

/** How it stands to its file. A comparison that fails says nothing: saving will tell why. */
export async function compare(client: IClient, kernelId: string): Promise<Standing> {
  const source = `kernel:${kernelId}` as const;
  try {
    return standingOf(await client.preview({ source }));
  } catch (error) {
    if (error instanceof Refusal && error.code === 'cannot-update') {
      return unclear(client, source);
    }
    return unknown(error);
  }
}

/** Of a file that cannot be updated only its place is known. */
async function unclear(client: IClient, source: SaveSource): Promise<Standing> {
  try {
    const { path } = await client.preview({ source, mode: 'replace' });
    return { kind: 'unclear', path };
  } catch (error) {
    return unknown(error);
  }
}

function unknown(error: unknown): Standing {
  if (error instanceof Refusal || error instanceof Unreachable) {
    return { kind: 'unknown' };
  }
  throw error;
}

function standingOf(preview: wire.SavePreview): Standing {
  const { path } = preview;
  if (!preview.exists) {
    return { kind: 'unsaved', path };
  }
  const kind = preview.base_digest === preview.document_digest ? 'same' : 'differs';
  return { kind, path };
}
