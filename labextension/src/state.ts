import type { Asking } from './asking';
import { Refusal, SwitchedOff, Unreachable } from './client';
import type { ISubject } from './kernel';
import type * as wire from './wire';
import { leavesOut } from './writing';

/** What was read of one kernel's environment, and when. */
export interface IReading {
  readonly kernel: wire.KernelEnvironment;
  readonly environment: wire.Environment;
  readonly document: WrittenDocument;
  readonly readAt: Date;
}

/** The environment as text, in the format and profile that were chosen then. */
export interface IWritten {
  readonly kind: 'written';
  readonly format: wire.FormatEntry;
  readonly profile: string;
  readonly text: string;
  readonly outline: wire.Outline;
}

export type WrittenDocument =
  | IWritten
  /** This environment cannot be written so. */
  | {
      readonly kind: 'refused';
      readonly format: wire.FormatEntry;
      readonly refusal: Refusal;
    };

/** How the environment stands to the file that describes it. */
export type Standing =
  /** Not compared yet. */
  | { readonly kind: 'open' }
  /** It could not be compared. */
  | { readonly kind: 'unknown' }
  /** There is a file that cannot be compared. */
  | {
      readonly kind: 'unclear';
      /** Empty where not even that is known. */
      readonly path: string;
      /** Why not. */
      readonly message: string;
      /** Where it has an error, from 1. */
      readonly line: number | null;
    }
  | { readonly kind: 'unsaved' }
  /** There is no file, but a snapshot. */
  | ({ readonly kind: 'since-snapshot' } & IDistance)
  | { readonly kind: 'same'; readonly path: string }
  | ({ readonly kind: 'differs'; readonly path: string } & IDistance);

/** How many packages changed: those that somebody asked for, and what came with them. */
export interface IDistance {
  readonly requested: number;
  readonly indirect: number;
}

export type State =
  | { readonly kind: 'no-kernel' }
  | { readonly kind: 'starting'; readonly subject: ISubject }
  | {
      readonly kind: 'reading';
      readonly subject: ISubject;
      readonly slow: boolean;
      /** Null where it is not known. */
      readonly progress: wire.Progress | null;
    }
  | {
      readonly kind: 'ready';
      readonly subject: ISubject;
      readonly reading: IReading;
      readonly standing: Standing;
      readonly refreshing: boolean;
    }
  | {
      readonly kind: 'dead';
      readonly subject: ISubject;
      readonly reading: IReading | null;
      /** When it was noticed; null where it was dead already. */
      readonly at: Date | null;
    }
  | {
      readonly kind: 'unreachable';
      readonly subject: ISubject;
      readonly reading: IReading | null;
      readonly retryAt: Date;
    }
  | { readonly kind: 'remote'; readonly subject: ISubject }
  | { readonly kind: 'no-environment'; readonly subject: ISubject }
  | { readonly kind: 'unreadable'; readonly subject: ISubject; readonly message: string }
  | { readonly kind: 'missing'; readonly subject: ISubject; readonly message: string }
  | { readonly kind: 'forbidden'; readonly subject: ISubject }
  | { readonly kind: 'off'; readonly subject: ISubject };

/** Why the kernel cannot be asked now. */
export type AskObstacle = 'foreign' | 'asking' | 'busy' | 'starting' | 'away';

/** Its text, where there is one. */
export function textOf(reading: IReading | null): string | null {
  return reading?.document.kind === 'written' ? reading.document.text : null;
}

/** What a reader must know: of the text where it says, else of the environment. */
export function findingsOf(reading: IReading): readonly wire.Finding[] {
  const { kernel, environment, document } = reading;
  // Of what conda prints, the server says nothing; the environment's own holds all the same.
  const ofText = document.kind === 'written' && leavesOut(document.profile);
  const about = ofText ? document.outline.findings : (environment.findings ?? []);
  const all = [...(kernel.findings ?? []), ...about];
  // The server may tell of both what it tells of the kernel.
  const told = all.map(finding => JSON.stringify(finding));
  return all.filter((_, index) => told.indexOf(told[index] ?? '') === index);
}

/** What it means that the kernel in front is now this, or in this state. */
export function turnOf(
  before: State,
  subject: ISubject
): 'begins' | 'died' | 'stays-dead' | 'waking' | 'restarted' | 'goes-on' {
  if (!('subject' in before) || before.subject.kernelId !== subject.kernelId) {
    return 'begins';
  }
  const starting = subject.state === 'starting';
  if (subject.state === 'stopped') {
    return before.kind === 'dead' ? 'stays-dead' : 'died';
  }
  if (before.kind === 'dead') {
    return starting ? 'waking' : 'begins';
  }
  if (before.kind === 'starting' && !starting) {
    return 'begins';
  }
  return before.subject.state === 'starting' && !starting ? 'restarted' : 'goes-on';
}

/** What follows from a failed reading: a state, or that it is to be tried again. */
export function stateAfter(
  subject: ISubject,
  error: unknown
): State | 'unreachable' | 'starting' {
  if (error instanceof Unreachable) {
    return 'unreachable';
  }
  if (error instanceof SwitchedOff) {
    return { kind: 'off', subject };
  }
  if (!(error instanceof Refusal)) {
    throw error;
  }
  const { code, message, status } = error;
  if (status === 403) {
    return { kind: 'forbidden', subject };
  }
  switch (code) {
    case 'kernel-remote':
      return { kind: 'remote', subject };
    case 'kernel-without-environment':
    case 'not-an-environment':
      return { kind: 'no-environment', subject };
    case 'prefix-missing':
      return { kind: 'missing', subject, message };
    case 'kernel-starting':
    case 'kernel-not-found':
      // The server knows the kernel a moment later than the page does.
      return 'starting';
    case 'too-many-requests':
      return 'unreachable';
    default:
      return { kind: 'unreadable', subject, message };
  }
}

const HERE: readonly State['kind'][] = [
  'ready',
  'no-environment',
  'missing',
  'unreadable'
];

/** Whether the kernel is there, and on this computer. */
export function isHere({ kind }: State): boolean {
  return HERE.includes(kind);
}

/** Why the kernel cannot be asked where it runs; null: it can. */
export function obstacleTo(state: State, asking: Asking): AskObstacle | null {
  if (!('subject' in state)) {
    return 'away';
  }
  const { kind, subject } = state;
  if (!subject.askable) {
    return 'foreign';
  }
  if (asking.kind === 'asking') {
    return 'asking';
  }
  if (subject.state === 'busy' || subject.state === 'starting') {
    return subject.state;
  }
  const answers = kind === 'ready' || kind === 'no-environment';
  return subject.state === 'idle' && answers ? null : 'away';
}
