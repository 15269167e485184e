import { Signal, type ISignal } from '@lumino/signaling';
import { Refusal, type IClient } from './client';
import type * as wire from './wire';

/** One environment that may be chosen. */
export interface IOption {
  readonly known: wire.KnownPrefix;
  /** Whether it is the one in view. */
  readonly shown: boolean;
  /** Who names it for this kernel; null: nobody does. */
  readonly how: wire.How | null;
}

export interface IChoice {
  /** First what some source names for this kernel, then the others by name. */
  readonly options: readonly IOption[];
  /** Whether the one in view was chosen, and so may be taken back. */
  readonly chosen: boolean;
}

export type ChoosingState =
  /** With what was found before, where there was something. */
  | { readonly kind: 'looking'; readonly choice: IChoice | null }
  | { readonly kind: 'ready'; readonly choice: IChoice }
  | { readonly kind: 'choosing'; readonly choice: IChoice; readonly path: string | null }
  /** No list, or a choice that did not work. */
  | { readonly kind: 'failed'; readonly choice: IChoice | null; readonly error: unknown }
  | { readonly kind: 'chosen' };

/** Choosing the environment of one kernel, from the look around to the choice. */
export class Choosing {
  constructor(
    private readonly _client: IClient,
    private readonly _kernelId: string,
    private readonly _take: (path: string | null) => Promise<void>
  ) {}

  get state(): ChoosingState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** See which environments there are. */
  async look(): Promise<void> {
    const request = ++this._request;
    this._set({ kind: 'looking', choice: this._choice });
    try {
      const [kernel, known] = await Promise.all([
        this._client.kernel(this._kernelId),
        this._client.prefixes()
      ]);
      if (!kernel) {
        throw new Refusal('kernel-not-found', '', 404);
      }
      if (request === this._request) {
        const choice = choiceOf(kernel, known);
        this._choice = choice;
        this._set({ kind: 'ready', choice });
      }
    } catch (error) {
      if (request === this._request) {
        this._set({ kind: 'failed', choice: this._choice, error });
      }
    }
  }

  /** Take this one; null: the one that the server finds by itself. */
  async choose(path: string | null): Promise<void> {
    const choice = this._choice;
    if (!choice || this._state.kind === 'choosing') {
      return;
    }
    this._request += 1;
    this._set({ kind: 'choosing', choice, path });
    try {
      await this._take(path);
      this._set({ kind: 'chosen' });
    } catch (error) {
      this._set({ kind: 'failed', choice, error });
    }
  }

  private _set(state: ChoosingState): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: ChoosingState = { kind: 'looking', choice: null };
  private _choice: IChoice | null = null;
  private _request = 0;
  private readonly _changed = new Signal<this, void>(this);
}

/** What may be chosen for a kernel; a source may name what is no environment any more. */
export function choiceOf(
  kernel: wire.KernelEnvironment,
  known: readonly wire.KnownPrefix[]
): IChoice {
  const shown = kernel.prefix?.path;
  const named = new Map<string, wire.How>();
  if (shown !== undefined) {
    named.set(shown, kernel.how);
  }
  for (const { prefix, how } of kernel.alternatives ?? []) {
    if (!named.has(prefix.path)) {
      named.set(prefix.path, how);
    }
  }
  const option = (entry: wire.KnownPrefix): IOption => ({
    known: entry,
    shown: entry.prefix.path === shown,
    how: named.get(entry.prefix.path) ?? null
  });
  const first = [...named.keys()].flatMap(path =>
    known.filter(entry => entry.prefix.path === path)
  );
  const others = known.filter(entry => !named.has(entry.prefix.path));
  return {
    options: [...first, ...others].map(option),
    chosen: kernel.how === 'chosen'
  };
}

/** Those with the words in their name, folder or kernels. */
export function matching(options: readonly IOption[], words: string): readonly IOption[] {
  const wanted = words.trim().toLowerCase();
  return options.filter(({ known }) =>
    [known.name, known.prefix.path, ...(known.kernels ?? [])].some(text =>
      text.toLowerCase().includes(wanted)
    )
  );
}
