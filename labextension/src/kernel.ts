import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { ConsolePanel, IConsoleTracker } from '@jupyterlab/console';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

export type KernelState = 'idle' | 'busy' | 'starting' | 'stopped' | 'unknown';

/** The kernel that the page is about, and the notebook or console it belongs to. */
export interface ISubject {
  readonly kernelId: string;
  readonly state: KernelState;
  /** As the kernelspec names it. */
  readonly displayName: string;
  /** Server path of the notebook or console. */
  readonly path: string;
  /** What a person calls it. */
  readonly title: string;
  /** Whether it can be asked where it runs: only what speaks Python understands the question. */
  readonly askable: boolean;
}

/** What the model needs to know of the notebook or console in front. */
export interface IFollower {
  readonly subject: ISubject | null;
  readonly changed: ISignal<IFollower, void>;
  /** Start the kernel anew: one that died at once, one that lives if the person says so. */
  restart(): Promise<void>;
}

const STATES: Readonly<Record<string, KernelState>> = {
  idle: 'idle',
  busy: 'busy',
  starting: 'starting',
  restarting: 'starting',
  autorestarting: 'starting',
  initializing: 'starting'
};

export function kernelState(status: string): KernelState {
  return STATES[status] ?? 'unknown';
}

/** Follows the notebook or console in front, its kernel and that kernel's state. */
export class Follower implements IFollower {
  constructor(
    private readonly _shell: JupyterFrontEnd.IShell,
    private readonly _notebooks: INotebookTracker,
    private readonly _consoles: IConsoleTracker | null,
    private readonly _localPath: (path: string) => string,
    private readonly _askAndRestart: (context: ISessionContext) => Promise<unknown>
  ) {
    // A notebook is restored after the page: each of these may bring the first one.
    this._shell.currentChanged?.connect(this._follow, this);
    this._notebooks.currentChanged.connect(this._follow, this);
    this._consoles?.currentChanged.connect(this._follow, this);
    this._follow();
  }

  get subject(): ISubject | null {
    return this._subject;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  async restart(): Promise<void> {
    const context = this._context;
    if (context?.session?.kernel && this._subject?.state !== 'stopped') {
      await this._askAndRestart(context);
    } else if (context?.session?.kernel) {
      await context.restartKernel();
    } else {
      // The server forgets a kernel that it could not start again.
      await context?.changeKernel({ name: context.prevKernelName });
    }
  }

  private _follow(): void {
    const context = this._contextInFront();
    if (context !== this._context) {
      this._release();
      this._context = context;
      this._reviving = false;
      this._died = null;
      if (context) {
        context.kernelChanged.connect(this._read, this);
        context.statusChanged.connect(this._read, this);
        context.propertyChanged.connect(this._read, this);
        context.disposed.connect(this._forget, this);
      }
    }
    this._read();
  }

  private _contextInFront(): ISessionContext | null {
    const front = this._shell.currentWidget;
    if (front && this._isNotebook(front)) {
      return front.sessionContext;
    }
    if (front && this._isConsole(front)) {
      return front.sessionContext;
    }
    if (this._context && !this._context.isDisposed) {
      // A text file came to the front: the last notebook is still the one in question.
      return this._context;
    }
    return (
      this._notebooks.currentWidget?.sessionContext ??
      this._consoles?.currentWidget?.sessionContext ??
      null
    );
  }

  private _isNotebook(widget: Widget): widget is NotebookPanel {
    return this._notebooks.has(widget);
  }

  private _isConsole(widget: Widget): widget is ConsolePanel {
    return this._consoles?.has(widget) ?? false;
  }

  private _forget(): void {
    this._release();
    this._follow();
  }

  private _release(): void {
    const context = this._context;
    this._context = null;
    context?.kernelChanged.disconnect(this._read, this);
    context?.statusChanged.disconnect(this._read, this);
    context?.propertyChanged.disconnect(this._read, this);
    context?.disposed.disconnect(this._forget, this);
  }

  private _read(): void {
    const before = this._subject;
    this._noteStatus(this._context?.session?.kernel?.status);
    const after = this._subjectOf(this._context) ?? this._died;
    this._died = after?.state === 'stopped' ? after : null;
    if (!equal(before, after)) {
      this._subject = after;
      this._changed.emit();
    }
  }

  /**
   * JupyterLab calls a kernel dead, and drops it, however it ended. One that the server was
   * restarting by itself died; any other was shut down.
   */
  private _noteStatus(status: Kernel.Status | undefined): void {
    if (status === 'autorestarting') {
      this._reviving = true;
    } else if (status === 'idle' || status === 'busy') {
      this._reviving = false;
    }
  }

  private _subjectOf(context: ISessionContext | null): ISubject | null {
    const session = context?.session;
    const kernel = session?.kernel;
    if (!context || !session || !kernel) {
      return null;
    }
    const path = this._localPath(session.path);
    return {
      kernelId: kernel.id,
      state:
        kernel.status === 'dead' && this._reviving
          ? 'stopped'
          : kernelState(context.kernelDisplayStatus),
      displayName: context.kernelDisplayName,
      path,
      title: session.type === 'console' ? session.name : PathExt.basename(path),
      askable: speaksPython(
        context.specsManager.specs?.kernelspecs[kernel.name]?.language
      )
    };
  }

  private _context: ISessionContext | null = null;
  private _subject: ISubject | null = null;
  private _reviving = false;
  /** The kernel that died, until there is another. */
  private _died: ISubject | null = null;
  private readonly _changed = new Signal<this, void>(this);
}

/** Languages whose kernels run in Python, as the server has them. */
const PYTHON = ['python', 'python3', 'ipython', 'sage', 'xonsh', 'coconut', 'hy'];

/** Unless it is known to speak something else. */
function speaksPython(language: string | undefined): boolean {
  return language === undefined || PYTHON.includes(language.toLowerCase());
}

function equal(a: ISubject | null, b: ISubject | null): boolean {
  return (
    a === b ||
    (a !== null &&
      b !== null &&
      a.kernelId === b.kernelId &&
      a.state === b.state &&
      a.displayName === b.displayName &&
      a.path === b.path &&
      a.title === b.title &&
      a.askable === b.askable)
  );
}
