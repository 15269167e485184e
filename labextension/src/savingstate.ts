import { Refusal } from './client';
import type * as wire from './wire';

export type SavingState =
  | { readonly kind: 'previewing'; readonly preview: wire.SavePreview | null }
  | { readonly kind: 'ready'; readonly preview: wire.SavePreview }
  | {
      readonly kind: 'saving';
      readonly preview: wire.SavePreview;
      /** The file has the new text already; the rest is git's. */
      readonly written: boolean;
    }
  /** File or environment moved on since the preview: nothing was written. */
  | {
      readonly kind: 'stale';
      readonly preview: wire.SavePreview;
      readonly what: 'file' | 'environment';
      readonly error: Refusal;
    }
  /** The file cannot be updated; the preview is of writing it anew, which nobody chose yet. */
  | {
      readonly kind: 'cannot-update';
      readonly preview: wire.SavePreview;
      readonly error: Refusal;
    }
  /** No preview, or a save that did not work. */
  | {
      readonly kind: 'failed';
      readonly preview: wire.SavePreview | null;
      readonly error: unknown;
    }
  | { readonly kind: 'saved'; readonly reply: wire.SaveReply };

const STALE: Readonly<Record<string, 'file' | 'environment'>> = {
  'target-changed': 'file',
  'document-changed': 'environment'
};

/** What a save is that did not write anything. */
export function stateAfter(error: unknown, preview: wire.SavePreview): SavingState {
  const what = error instanceof Refusal ? STALE[error.code] : undefined;
  return what !== undefined && error instanceof Refusal
    ? { kind: 'stale', preview, what, error }
    : { kind: 'failed', preview, error };
}
