import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import * as replies from './replies';
import type { Guard } from './shape';
import type * as wire from './wire';
import type { DocumentQuery } from './writing';

/** The server said no, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number
  ) {
    super(message);
  }
}

/** Nothing answered that speaks for the extension: a lost server, or a proxy before it. */
export class Unreachable extends Error {}

/** The server answers, but has no such routes: the extension is not switched on there. */
export class SwitchedOff extends Error {}

export interface IHistoryQuery {
  /** Server path. */
  notebook?: string;
  /** Folder of an environment. */
  prefix?: string;
  before?: string;
  limit?: number;
  /** Only those that have a package of this name, and of this version. */
  package?: string;
  version?: string;
  reason?: readonly wire.Reason[];
}

export type SaveSource = `kernel:${string}` | `snapshot:${string}`;

/** Everything that the page asks of the server. */
export interface IClient {
  kernel(id: string): Promise<wire.KernelEnvironment | null>;
  environment(kernelId: string): Promise<wire.Environment>;
  document(kernelId: string, query: DocumentQuery): Promise<string>;
  /** What each line of that document is about, and why it is there. */
  outline(kernelId: string, query: DocumentQuery): Promise<wire.Outline>;
  formats(): Promise<wire.FormatList>;
  prefixes(): Promise<readonly wire.KnownPrefix[]>;
  /** Take this environment for the kernel's; null: as the server finds it. */
  choosePrefix(kernelId: string, path: string | null): Promise<wire.KernelEnvironment>;
  /** Ask the idle kernel itself where it runs. */
  askKernel(kernelId: string): Promise<wire.KernelEnvironment>;
  takeSnapshot(kernelId: string): Promise<wire.SnapshotTaken>;
  snapshots(query: IHistoryQuery): Promise<wire.SnapshotPage>;
  snapshotDocument(id: string, query: DocumentQuery): Promise<string>;
  annotateSnapshot(id: string, note: string | null): Promise<wire.Snapshot>;
  deleteSnapshot(id: string): Promise<void>;
  /** What it has become since its file and its last snapshot. */
  drift(kernelId: string): Promise<wire.Drift>;
  /** What changed between two; each is a reference such as `file:PATH`. */
  diff(before: string, after: string): Promise<wire.DiffReply>;
  settings(): Promise<wire.Settings>;
  changeSettings(choice: wire.SettingsChoice): Promise<wire.Settings>;
  preview(request: wire.PreviewRequest): Promise<wire.SavePreview>;
  save(request: wire.SaveRequest): Promise<wire.SaveReply>;
}

/** `ServerConnection.makeRequest`, or what stands in for it. */
export type Request = (path: string, init: RequestInit) => Promise<Response>;

export function serverRequest(settings: ServerConnection.ISettings): Request {
  return (path, init) =>
    ServerConnection.makeRequest(URLExt.join(settings.baseUrl, path), init, settings);
}

/** How many representations are kept beside their ETag: a kernel's and a few snapshots'. */
const KEPT = 12;

/** Statuses with which a proxy speaks for a server that is not there. */
const FROM_A_PROXY = [502, 503, 504];

export class Client implements IClient {
  constructor(private readonly _request: Request) {}

  async kernel(id: string): Promise<wire.KernelEnvironment | null> {
    // This alone is asked again by itself: it does not keep an idle server alive.
    const list = await this._json('kernels?no_track_activity=1', replies.kernelList);
    return list.kernels.find(kernel => kernel.kernel_id === id) ?? null;
  }

  environment(kernelId: string): Promise<wire.Environment> {
    return this._json(
      `kernels/${encodeURIComponent(kernelId)}/environment`,
      replies.environment
    );
  }

  document(kernelId: string, query: DocumentQuery): Promise<string> {
    return this._get(
      withQuery(`kernels/${encodeURIComponent(kernelId)}/document`, query)
    );
  }

  outline(kernelId: string, query: DocumentQuery): Promise<wire.Outline> {
    return this._json(
      withQuery(`kernels/${encodeURIComponent(kernelId)}/outline`, query),
      replies.outline
    );
  }

  formats(): Promise<wire.FormatList> {
    return this._json('formats', replies.formatList);
  }

  async prefixes(): Promise<readonly wire.KnownPrefix[]> {
    const list = await this._json('prefixes', replies.knownPrefixes);
    return list.prefixes;
  }

  choosePrefix(kernelId: string, path: string | null): Promise<wire.KernelEnvironment> {
    const body: wire.PrefixChoice = { path };
    return this._write(
      'PUT',
      `kernels/${encodeURIComponent(kernelId)}/prefix`,
      body,
      replies.kernelEnvironment
    );
  }

  askKernel(kernelId: string): Promise<wire.KernelEnvironment> {
    const path = `kernels/${encodeURIComponent(kernelId)}/ask`;
    return this._write('POST', path, {}, replies.kernelEnvironment);
  }

  takeSnapshot(kernelId: string): Promise<wire.SnapshotTaken> {
    const body: wire.SnapshotRequest = { kernel_id: kernelId };
    return this._write('POST', 'snapshots', body, replies.snapshotTaken);
  }

  snapshots(query: IHistoryQuery): Promise<wire.SnapshotPage> {
    return this._json(withQuery('snapshots', { ...query }), replies.snapshotPage);
  }

  snapshotDocument(id: string, query: DocumentQuery): Promise<string> {
    return this._get(withQuery(`snapshots/${encodeURIComponent(id)}/document`, query));
  }

  annotateSnapshot(id: string, note: string | null): Promise<wire.Snapshot> {
    const body: wire.SnapshotNote = { note };
    return this._write(
      'PATCH',
      `snapshots/${encodeURIComponent(id)}`,
      body,
      replies.snapshot
    );
  }

  async deleteSnapshot(id: string): Promise<void> {
    await this._send(`snapshots/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  drift(kernelId: string): Promise<wire.Drift> {
    // Asked again by itself, whenever something was installed.
    const path = `kernels/${encodeURIComponent(kernelId)}/drift?no_track_activity=1`;
    return this._json(path, replies.drift);
  }

  diff(before: string, after: string): Promise<wire.DiffReply> {
    // Asked again by itself, too, while the kernel is one of them.
    const query = { before, after, no_track_activity: 1 };
    return this._json(withQuery('diff', query), replies.diff);
  }

  settings(): Promise<wire.Settings> {
    return this._json('settings', replies.settings);
  }

  changeSettings(choice: wire.SettingsChoice): Promise<wire.Settings> {
    return this._write('PUT', 'settings', choice, replies.settings);
  }

  preview(request: wire.PreviewRequest): Promise<wire.SavePreview> {
    return this._write('POST', 'save/preview', request, replies.savePreview);
  }

  save(request: wire.SaveRequest): Promise<wire.SaveReply> {
    return this._write('POST', 'save', request, replies.saveReply);
  }

  /**
   * The text at a path. The condition is ours to make: JupyterLab asks with `cache: no-store`,
   * so the browser neither sends a tag nor keeps a body.
   */
  private async _get(path: string): Promise<string> {
    const known = this._representations.get(path);
    const headers: Record<string, string> = known ? { 'If-None-Match': known.etag } : {};
    const response = await this._send(path, { method: 'GET', headers });
    if (response.status === 304 && known) {
      return known.text;
    }
    const text = await response.text();
    const etag = response.headers.get('ETag');
    this._representations.delete(path);
    if (etag !== null) {
      this._representations.set(path, { etag, text });
      const [oldest] = this._representations.keys();
      if (this._representations.size > KEPT && oldest !== undefined) {
        this._representations.delete(oldest);
      }
    }
    return text;
  }

  private async _json<T>(path: string, check: Guard<T>): Promise<T> {
    return checked(parsed(await this._get(path)), check);
  }

  private async _write<T>(
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    body: object,
    check: Guard<T>
  ): Promise<T> {
    const response = await this._send(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' }
    });
    return checked(parsed(await response.text()), check);
  }

  private async _send(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await this._request(`envsnap/${path}`, init);
    } catch (error) {
      // A lost connection is a TypeError of fetch, which JupyterLab wraps.
      throw new Unreachable(error instanceof Error ? error.message : undefined);
    }
    if (response.ok || response.status === 304) {
      return response;
    }
    throw await failure(response);
  }

  private readonly _representations = new Map<string, { etag: string; text: string }>();
}

type QueryValue = string | boolean | number | readonly string[] | null | undefined;

/** What is null or absent is not asked for; a list is asked for value by value. */
function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined) {
        parts.append(name, String(one));
      }
    }
  }
  const text = parts.toString();
  return text ? `${path}?${text}` : path;
}

async function failure(response: Response): Promise<Error> {
  const value = parsed(await response.text());
  if (replies.errorReply(value)) {
    return new Refusal(value.code, value.message, response.status);
  }
  if (response.status === 404) {
    return new SwitchedOff();
  }
  if (FROM_A_PROXY.includes(response.status)) {
    return new Unreachable(response.statusText);
  }
  const code = response.status === 403 ? 'forbidden' : 'unexpected';
  return new Refusal(code, response.statusText, response.status);
}

/** The value of a JSON text; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checked<T>(value: unknown, check: Guard<T>): T {
  if (!check(value)) {
    throw new Refusal(
      'unexpected',
      'The server sent something this page cannot read.',
      200
    );
  }
  return value;
}
