import { PathExt } from '@jupyterlab/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import { Refusal, type IClient, type SaveSource } from './client';
import { needsIdentity } from './commitwords';
import { stateAfter, type SavingState } from './savingstate';
import type * as wire from './wire';
import { leavesOut, type IOmission, type IWritingState, type Writing } from './writing';

export type SaveWriting = Omit<IWritingState, 'keptProfile'>;

/** What a person chose; what is absent is as the file has it. */
type Choice = Pick<
  wire.PreviewRequest,
  'mode' | 'loose' | 'format' | 'profile' | 'exclude' | 'without' | 'local'
>;

/** One save, from preview to reply. What the person typed survives every failure. */
export class Saving {
  constructor(
    private readonly _client: IClient,
    private readonly _source: SaveSource,
    private readonly _write: <T>(reply: Promise<T>) => Promise<T>,
    /** How the environment is shown: a new file is written so, too. */
    private readonly _shown: Writing,
    /** How packages that run from a folder are to be named, to begin with. */
    local?: wire.PreviewRequest['local']
  ) {
    this._choice = local ? { local } : {};
  }

  get state(): SavingState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Server path of the file; empty until the server has chosen. */
  get path(): string {
    return this._path ?? this._preview?.path ?? '';
  }

  set path(value: string) {
    if (this._begun) {
      return;
    }
    this._path = value;
    // Its name tells the format, and what it records tells how much it says.
    this._choice = { ...this._choice, format: undefined, mode: undefined };
    this._request += 1;
    this._set({ kind: 'previewing', preview: this._preview });
  }

  get message(): string {
    return this._message ?? this._preview?.message ?? '';
  }

  set message(value: string) {
    this._message = value;
    this._changed.emit();
  }

  /** Whether a commit is wanted; it is not made where one cannot be. */
  get commit(): boolean {
    return this._commit && this.mayCommit;
  }

  set commit(value: boolean) {
    this._commit = value;
    this._changed.emit();
  }

  get mayCommit(): boolean {
    return this._preview !== null && this._preview.commit_problem === null;
  }

  /** How loose specs are treated; they are pinned only where that was chosen. */
  get pins(): boolean {
    return this._choice.loose === 'pin';
  }

  set pins(value: boolean) {
    this._choose({ loose: value ? 'pin' : 'keep' });
  }

  chooseMode(mode: wire.SavePreview['mode']): void {
    if (this._state.kind === 'cannot-update' && mode === 'replace') {
      // It is what the preview shows already.
      this._choice = { ...this._choice, mode };
      this._set({ kind: 'ready', preview: this._state.preview });
    } else {
      this._choose({ mode });
    }
  }

  chooseProfile(profile: string): void {
    this._choose(
      leavesOut(profile) ? { profile } : { profile, exclude: [], without: [] }
    );
  }

  /** Another format is another file, in the same folder; back again, it is the one before. */
  chooseFormat(name: string): void {
    const format = this._shown.formats.find(other => other.name === name);
    const before = this._preview?.format;
    if (this._begun || !format || format.name === before) {
      return;
    }
    if (before !== undefined) {
      this._paths.set(before, this.path);
    }
    const folder = PathExt.dirname(this.path);
    this._path = this._paths.get(name) ?? PathExt.join(folder, format.filename);
    const { profile } = this._choice;
    const keeps = format.profiles.some(other => other.name === profile);
    this._choose({
      format: name,
      mode: undefined,
      profile: keeps ? profile : undefined
    });
  }

  /** By its git address, by its folder, or only in a comment. */
  nameBy(name: string, by: wire.LocalPackage['named']): void {
    this._choose({ local: { ...this._choice.local, [name]: by } });
  }

  /** Packages that run from a folder, named as was chosen last. */
  get local(): readonly wire.LocalPackage[] {
    const { local: chosen = {} } = this._choice;
    return (this._preview?.local ?? []).map(each => {
      const by = chosen[each.name];
      return by && each.options.includes(by) ? { ...each, named: by } : each;
    });
  }

  leaveOut({ exclude, without }: IOmission): void {
    this._choose({ exclude: [...exclude], without: [...without] });
  }

  /** Whether the panel shows the environment in another way than this preview does. */
  get differsFromShown(): boolean {
    const preview = this._preview;
    const { profile, exclude = [], without = [] } = this._asShown();
    return (
      preview !== null &&
      this._shown.isChosen &&
      (preview.profile !== profile ||
        !sameNames(preview.exclude, exclude) ||
        !sameNames(preview.without, without))
    );
  }

  /** How the file is written, as chosen or as it had it last; null while that is not known. */
  get writing(): SaveWriting | null {
    const { formats, groups } = this._shown;
    const { _known: preview, _choice: choice } = this;
    const format = formats.find(
      ({ name }) => name === (choice.format ?? preview?.format)
    );
    const profile = choice.profile ?? preview?.profile;
    const omission = {
      exclude: choice.exclude ?? preview?.exclude ?? [],
      without: choice.without ?? preview?.without ?? []
    };
    return format && profile ? { formats, groups, format, profile, omission } : null;
  }

  chooseAsShown(): void {
    this._choose(this._asShown());
  }

  /** Why the commit that was wanted is missing, where the file was saved without it. */
  get missing(): Pick<wire.SaveReply, 'commit_problem'> | null {
    const problem = this._preview?.commit_problem ?? null;
    return this._commit && needsIdentity(problem) ? { commit_problem: problem } : null;
  }

  get canSave(): boolean {
    const { state } = this;
    const retry = state.kind === 'failed' && state.preview !== null;
    return (
      (state.kind === 'ready' || retry) && (!this.commit || this.message.trim() !== '')
    );
  }

  /** Ask what would be written now. */
  async preview(): Promise<void> {
    if (this._begun) {
      return;
    }
    const request = ++this._request;
    this._set({ kind: 'previewing', preview: this._preview });
    try {
      const next = await this._look();
      if (request === this._request) {
        this._preview = next.preview;
        this._known = next.preview;
        this._set(next);
      }
    } catch (error) {
      if (request === this._request) {
        this._preview = null;
        this._set({ kind: 'failed', preview: null, error });
      }
    }
  }

  /** Write exactly what the preview showed. */
  async save(): Promise<void> {
    const preview = this._preview;
    if (!this.canSave || preview === null) {
      return;
    }
    this._reply = this._write(
      this._client.save({
        source: this._source,
        ...this._asked.get(preview),
        path: preview.path,
        mode: preview.mode,
        base_digest: preview.base_digest,
        place_digest: preview.place_digest,
        document_digest: preview.document_digest,
        commit: this.commit ? { message: this.message } : null
      })
    );
    this._set({ kind: 'saving', preview, written: false });
    try {
      this._set({ kind: 'saved', reply: await this._reply });
    } catch (error) {
      this._reply = null;
      this._set(stateAfter(error, preview));
    }
  }

  /** Some file was written, by whomever. */
  heard(path: string): void {
    const { state } = this;
    if (state.kind === 'saving' && state.preview.path === path) {
      this._set({ ...state, written: true });
    }
  }

  /** What becomes of the save; null where none was begun. Throws why nothing was written. */
  async outcome(): Promise<wire.SaveReply | null> {
    return this._reply;
  }

  private async _look(): Promise<
    Extract<SavingState, { kind: 'ready' | 'cannot-update' }>
  > {
    this._shown.list ??= await this._client.formats();
    const request: wire.PreviewRequest = {
      source: this._source,
      ...(this._path !== null && { path: this._path }),
      ...this._choice
    };
    try {
      const preview = await this._ask(request);
      const asked = { ...this._choice, local: undefined };
      const isNew =
        !preview.exists && Object.values(asked).every(choice => choice === undefined);
      return {
        kind: 'ready',
        preview:
          isNew && this._shown.isChosen
            ? await this._ask({ ...request, ...this._asShown() })
            : preview
      };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'cannot-update') {
        const preview = await this._ask({ ...request, mode: 'replace' });
        return { kind: 'cannot-update', preview, error };
      }
      throw error;
    }
  }

  private async _ask(request: wire.PreviewRequest): Promise<wire.SavePreview> {
    const preview = await this._client.preview(request);
    this._asked.set(preview, request);
    return preview;
  }

  /** The choice with which the panel shows the environment. */
  private _asShown(): Choice {
    const { profile, exclude = [], without = [] } = this._shown.query;
    return { profile, exclude, without };
  }

  private _choose(choice: Choice): void {
    if (this._begun) {
      return;
    }
    this._choice = { ...this._choice, ...choice };
    void this.preview();
  }

  /** What is being written, or was, is no longer to be chosen. */
  private get _begun(): boolean {
    return this._reply !== null;
  }

  private _set(state: SavingState): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: SavingState = { kind: 'previewing', preview: null };
  private _preview: wire.SavePreview | null = null;
  /** The last that there was: what was chosen for a file that cannot be can be undone. */
  private _known: wire.SavePreview | null = null;
  /** Of the save that is under way or done; null after one that wrote nothing. */
  private _reply: Promise<wire.SaveReply> | null = null;
  private _choice: Choice;
  /** By format, the file that was last looked at. */
  private readonly _paths = new Map<string, string>();
  /** With which question each preview came. */
  private readonly _asked = new WeakMap<wire.SavePreview, wire.PreviewRequest>();
  private _path: string | null = null;
  private _message: string | null = null;
  private _commit = true;
  private _request = 0;
  private readonly _changed = new Signal<this, void>(this);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(name => b.includes(name));
}
