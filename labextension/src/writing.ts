import { Signal, type ISignal } from '@lumino/signaling';
import type * as wire from './wire';

/** How an environment is to be written; what is absent is left to the server. */
export type DocumentQuery = NonNullable<
  wire.operations['writeDocument']['parameters']['query']
>;

/** What is left out: packages by name, and groups of packages. */
export interface IOmission {
  readonly exclude: readonly string[];
  readonly without: readonly string[];
}

/** The profile that leaves nothing out, and that is to be had of a living environment only. */
const AS_CONDA = 'conda';

const DISTINCT = /[-_.]+/g;

/** Whether this can be the name of a package; the server's own rule. */
export function isPackageName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name);
}

export function leavesOut(profile: string | null): boolean {
  return profile !== AS_CONDA;
}

/** With this package left out, or no more. */
export function toggled(names: readonly string[], name: string): readonly string[] {
  const same = (other: string): boolean => plain(other) === plain(name);
  return names.some(same) ? names.filter(other => !same(other)) : [...names, name];
}

/** What there is to choose, and what is chosen. */
export interface IWritingState {
  readonly formats: readonly wire.FormatEntry[];
  readonly groups: readonly wire.GroupEntry[];
  readonly format: wire.FormatEntry;
  /** Name of the profile. */
  readonly profile: string;
  /** The same for snapshots. */
  readonly keptProfile: string;
  readonly omission: IOmission;
}

/** How a person wants to see the environment written: format, profile, what is left out. */
export class Writing {
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null until the server has said what there is. */
  get state(): IWritingState | null {
    const { formats, groups, format, profile, omission } = this;
    const first = format?.profiles[0];
    return format && profile && first
      ? {
          formats,
          groups,
          format,
          profile: profile.name,
          keptProfile: this.keptQuery.profile ?? first.name,
          omission
        }
      : null;
  }

  get formats(): readonly wire.FormatEntry[] {
    return this._list?.formats ?? [];
  }

  get groups(): readonly wire.GroupEntry[] {
    return this._list?.groups ?? [];
  }

  /** What the server can write; null: not known yet. */
  get list(): wire.FormatList | null {
    return this._list;
  }

  set list(value: wire.FormatList | null) {
    this._list = value;
  }

  /** Null until the server has said which there are. */
  get format(): wire.FormatEntry | null {
    const found = this.formats.find(({ name }) => name === this._format);
    return found ?? this.formats[0] ?? null;
  }

  /** The chosen profile where the format has it, else the first of the format. */
  get profile(): wire.ProfileEntry | null {
    const profiles = this.format?.profiles ?? [];
    return profiles.find(({ name }) => name === this._profile) ?? profiles[0] ?? null;
  }

  get omission(): IOmission {
    return this._omission;
  }

  /** Whether this is other than what the server does on its own. */
  get isChosen(): boolean {
    const { exclude, without } = this._omission;
    return (
      exclude.length + without.length > 0 ||
      this.profile?.name !== this.format?.profiles[0]?.name
    );
  }

  get query(): DocumentQuery {
    const { format, profile } = this;
    const { exclude, without } = this._omission;
    return {
      ...(format && { format: format.name }),
      ...(profile && { profile: profile.name }),
      ...(leavesOut(profile?.name ?? null) && {
        ...(exclude.length > 0 && { exclude: [...exclude] }),
        ...(without.length > 0 && { without: [...without] })
      })
    };
  }

  /** The same of a snapshot, of which conda cannot print anything. */
  get keptQuery(): DocumentQuery {
    const { query } = this;
    const asConda = !leavesOut(query.profile ?? null);
    return asConda ? { format: query.format } : query;
  }

  chooseFormat(name: string): void {
    this._format = name;
    this._changed.emit();
  }

  chooseProfile(name: string): void {
    this._profile = name;
    this._changed.emit();
  }

  leaveOut(omission: IOmission): void {
    this._omission = omission;
    this._changed.emit();
  }

  private _list: wire.FormatList | null = null;
  private _format: string | null = null;
  private _profile: string | null = null;
  private _omission: IOmission = { exclude: [], without: [] };
  private readonly _changed = new Signal<this, void>(this);
}

function plain(name: string): string {
  return name.toLowerCase().replace(DISTINCT, '-');
}
