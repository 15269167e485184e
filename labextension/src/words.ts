import type { TranslationBundle } from '@jupyterlab/translation';
import { Refusal, SwitchedOff, Unreachable } from './client';
import type { KernelState } from './kernel';
import type { AskObstacle } from './state';
import type * as wire from './wire';

/** The words for what the server names by code. Each is a whole sentence or a whole label. */

export function kernelWord(trans: TranslationBundle, state: KernelState): string {
  const words: Record<KernelState, string> = {
    idle: trans.__('Idle'),
    busy: trans.__('Busy'),
    starting: trans.__('Starting'),
    stopped: trans.__('Stopped'),
    unknown: trans.__('Unknown')
  };
  return words[state];
}

interface IHowWords {
  /** Where there is room. */
  readonly long: string;
  readonly short: string;
  /** As an answer to "Found by". */
  readonly by: string;
}

export function howWords(trans: TranslationBundle, how: wire.How): IHowWords {
  const settings: IHowWords = {
    long: trans.__('named by the kernel’s settings'),
    short: trans.__('from kernel settings'),
    by: trans.__('the settings of the kernel')
  };
  const words: Record<wire.How, IHowWords> = {
    metadata: settings,
    runner: settings,
    kernelspec: settings,
    process: {
      long: trans.__('found in the running kernel'),
      short: trans.__('from running kernel'),
      by: trans.__('the process of the running kernel')
    },
    environ: {
      long: trans.__('from CONDA_PREFIX'),
      short: trans.__('from CONDA_PREFIX'),
      by: trans.__('the CONDA_PREFIX variable')
    },
    kernel: {
      long: trans.__('the kernel said so'),
      short: trans.__('the kernel said so'),
      by: trans.__('the kernel itself')
    },
    chosen: {
      long: trans.__('chosen by you'),
      short: trans.__('chosen by you'),
      by: trans.__('your choice')
    },
    remote: {
      long: trans.__('on another computer'),
      short: trans.__('on another computer'),
      by: trans.__('nothing: it is on another computer')
    },
    unknown: {
      long: trans.__('not found'),
      short: trans.__('not found'),
      by: trans.__('nothing: the kernel names none')
    }
  };
  return words[how];
}

export function kindWord(trans: TranslationBundle, kind: wire.Prefix['kind']): string {
  const words: Record<wire.Prefix['kind'], string> = {
    conda: trans.__('conda'),
    venv: trans.__('venv'),
    system: trans.__('a plain Python'),
    remote: trans.__('on another computer')
  };
  return words[kind];
}

export function confidenceWords(
  trans: TranslationBundle,
  confidence: wire.KernelEnvironment['confidence']
): string {
  const words: Record<wire.KernelEnvironment['confidence'], string> = {
    certain: trans.__('certain'),
    likely: trans.__('likely'),
    unsure: trans.__('not certain')
  };
  return words[confidence];
}

/** When the kernel can be asked, or why it cannot be now. */
export function askWords(trans: TranslationBundle, obstacle: AskObstacle | null): string {
  const words: Record<AskObstacle, string> = {
    foreign: trans.__('Only a kernel of Python can be asked.'),
    asking: trans.__('Waiting for its answer.'),
    busy: trans.__('Not now: a cell is running.'),
    starting: trans.__('Not now: the kernel is starting.'),
    away: trans.__('Not now: the kernel does not answer.')
  };
  return obstacle === null
    ? trans.__('Only while no cell is running. Nothing is changed in it.')
    : words[obstacle];
}

interface IProblemWords {
  readonly title: string;
  readonly sentence: string;
}

/** Why the kernel was asked in vain, for a person. */
export function askProblemWords(trans: TranslationBundle, error: unknown): IProblemWords {
  const words: Readonly<Record<string, IProblemWords>> = {
    'kernel-busy': {
      title: trans.__('The kernel is busy.'),
      sentence: trans.__('It was not asked. Ask again when no cell is running.')
    },
    'kernel-starting': {
      title: trans.__('The kernel is starting.'),
      sentence: trans.__('It was not asked. Ask again when it has started.')
    },
    'kernel-did-not-answer': {
      title: trans.__('The kernel did not answer.'),
      sentence: trans.__(
        'Some kernels do not know this question. Nothing was changed in it.'
      )
    },
    'kernel-without-environment': {
      title: trans.__('The kernel names no environment.'),
      sentence: problemWords(trans, error)
    },
    'kernel-remote': {
      title: trans.__('Kernel runs on another computer'),
      sentence: trans.__('It was not asked: its environment is not here.')
    },
    forbidden: {
      title: trans.__('You may not ask this kernel.'),
      sentence: trans.__(
        'Ask the server’s operator for the permission to run code in kernels.'
      )
    }
  };
  const known = error instanceof Refusal ? words[error.code] : undefined;
  return (
    known ?? {
      title: trans.__('The kernel could not be asked.'),
      sentence: problemWords(trans, error)
    }
  );
}

/** Why another environment could not be chosen, for a person. */
export function chooseProblemWords(trans: TranslationBundle, error: unknown): string {
  const words: Readonly<Record<string, string>> = {
    'prefix-refused': trans.__(
      'The server does not find this environment any more. Look again, then choose.'
    ),
    'kernel-remote': trans.__(
      'The kernel runs on another computer. No environment here is its own.'
    ),
    'kernel-not-found': trans.__('The kernel is gone. Start one, then choose.'),
    forbidden: trans.__(
      'You may look here but not choose. Ask the server’s operator for write access.'
    )
  };
  const known = error instanceof Refusal ? words[error.code] : undefined;
  return known ?? problemWords(trans, error);
}

export function reasonWords(trans: TranslationBundle, reason: wire.Reason): string {
  const words: Record<wire.Reason, string> = {
    manual: trans.__('Snapshot by you'),
    changed: trans.__('Packages changed'),
    'kernel-start': trans.__('Kernel started'),
    'kernel-shutdown': trans.__('Kernel shut down'),
    'kernel-restart': trans.__('Kernel restarted'),
    'kernel-died': trans.__('Kernel died'),
    'server-stop': trans.__('Server stopped'),
    recovered: trans.__('Recovered after a crash'),
    cli: trans.__('From the command line'),
    saved: trans.__('Saved to the repository')
  };
  return words[reason];
}

/** What went wrong, for a person. */
export function problemWords(trans: TranslationBundle, error: unknown): string {
  if (error instanceof Unreachable) {
    return trans.__('The server does not answer.');
  }
  if (error instanceof SwitchedOff) {
    return trans.__(
      'The server extension jupyter_envsnap is not switched on for this server.'
    );
  }
  if (error instanceof Refusal) {
    if (error.code === 'forbidden') {
      return trans.__(
        'You may look here but not save. Ask the server’s operator for write access.'
      );
    }
    return error.message || trans.__('The server refused, without saying why.');
  }
  return error instanceof Error ? error.message : String(error);
}
