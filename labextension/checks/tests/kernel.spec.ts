import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IConsoleTracker } from '@jupyterlab/console';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { Follower, kernelState } from '../../src/kernel';

/** As much of a session context as the follower looks at. */
class FakeContext {
  readonly kernelChanged = new Signal<this, void>(this);
  readonly statusChanged = new Signal<this, void>(this);
  readonly propertyChanged = new Signal<this, void>(this);
  readonly disposed = new Signal<this, void>(this);
  isDisposed = false;
  kernelDisplayStatus = 'idle';
  kernelDisplayName = 'Python';
  prevKernelName = 'python3';
  specsManager = {
    specs: {
      kernelspecs: { python3: { language: 'python' }, bash: { language: 'bash' } }
    }
  };
  session: {
    path: string;
    type: string;
    name: string;
    kernel: { id: string; status: string; name: string } | null;
  };

  constructor(path: string, id: string, type = 'notebook') {
    this.session = {
      path,
      type,
      name: 'Console 1',
      kernel: { id, status: 'idle', name: 'python3' }
    };
  }

  status(status: string): void {
    this.kernelDisplayStatus = status;
    if (this.session.kernel) {
      this.session.kernel.status = status;
    }
    this.statusChanged.emit();
  }
}

interface IFakeWidget {
  readonly sessionContext: FakeContext;
}

class FakeTracker {
  readonly currentChanged = new Signal<this, void>(this);
  currentWidget: IFakeWidget | null = null;
  readonly all: IFakeWidget[] = [];

  has(widget: IFakeWidget): boolean {
    return this.all.includes(widget);
  }
}

class FakeShell {
  readonly currentChanged = new Signal<this, void>(this);
  currentWidget: object | null = null;

  bring(widget: object | null): void {
    this.currentWidget = widget;
    this.currentChanged.emit();
  }
}

function setUp() {
  const shell = new FakeShell();
  const notebooks = new FakeTracker();
  const consoles = new FakeTracker();
  const notebook = { sessionContext: new FakeContext('RTC:work/a.ipynb', 'k1') };
  const other = { sessionContext: new FakeContext('b.ipynb', 'k2') };
  const console_ = { sessionContext: new FakeContext('c', 'k3', 'console') };
  notebooks.all.push(notebook, other);
  consoles.all.push(console_);
  const asked: unknown[] = [];
  const follower = new Follower(
    shell as unknown as JupyterFrontEnd.IShell,
    notebooks as unknown as INotebookTracker,
    consoles as unknown as IConsoleTracker,
    path => path.replace(/^RTC:/, ''),
    context => {
      asked.push(context);
      return Promise.resolve(true);
    }
  );
  const seen: (string | undefined)[] = [];
  follower.changed.connect(() => seen.push(follower.subject?.kernelId));
  return { shell, follower, notebook, other, console_, seen, asked };
}

it.each([
  ['idle', 'idle'],
  ['autorestarting', 'starting'],
  ['something new', 'unknown']
])('names the state "%s" %s', (status, state) => {
  expect(kernelState(status)).toBe(state);
});

it('follows notebook and console, and stays while a text file is in front', () => {
  const { shell, follower, notebook, other, console_, seen } = setUp();
  shell.bring(notebook);
  expect(follower.subject).toMatchObject({ path: 'work/a.ipynb', title: 'a.ipynb' });
  shell.bring(console_);
  expect(follower.subject?.title).toBe('Console 1');
  shell.bring({});
  shell.bring(notebook);
  shell.bring(other);
  expect(seen).toEqual(['k1', 'k3', 'k1', 'k2']);
});

it('hears of kernels and renames only from what is in front', () => {
  const { shell, follower, notebook, other, seen } = setUp();
  shell.bring(notebook);
  shell.bring(other);
  notebook.sessionContext.status('busy');
  expect(seen).toEqual(['k1', 'k2']);
  other.sessionContext.session.kernel = { id: 'k9', status: 'idle', name: 'python3' };
  other.sessionContext.kernelChanged.emit();
  expect(seen).toEqual(['k1', 'k2', 'k9']);
  other.sessionContext.session.path = 'renamed.ipynb';
  other.sessionContext.propertyChanged.emit();
  expect(follower.subject?.title).toBe('renamed.ipynb');
});

it.each([
  ['python3', true],
  ['bash', false],
  ['of no known language', true]
])('knows whether a kernel %s can be asked', (name, askable) => {
  const { shell, follower, notebook } = setUp();
  notebook.sessionContext.session.kernel = { id: 'k1', status: 'idle', name };
  shell.bring(notebook);
  expect(follower.subject?.askable).toBe(askable);
});

it('says nothing where nothing changed', () => {
  const { shell, notebook, seen } = setUp();
  shell.bring(notebook);
  notebook.sessionContext.status('idle');
  expect(seen).toEqual(['k1']);
});

it('has no kernel once it was shut down, or its notebook closed', () => {
  const { shell, follower, notebook } = setUp();
  shell.bring(notebook);
  notebook.sessionContext.session.kernel = null;
  notebook.sessionContext.kernelChanged.emit();
  expect(follower.subject).toBeNull();
  notebook.sessionContext.isDisposed = true;
  shell.currentWidget = null;
  notebook.sessionContext.disposed.emit();
  expect(follower.subject).toBeNull();
});

it('keeps a kernel that died although the server tried, until there is another', () => {
  const { shell, follower, notebook } = setUp();
  const context = notebook.sessionContext;
  shell.bring(notebook);
  context.status('autorestarting');
  context.status('dead');
  expect(follower.subject).toMatchObject({ kernelId: 'k1', state: 'stopped' });
  context.session.kernel = null;
  context.kernelChanged.emit();
  expect(follower.subject).toMatchObject({ kernelId: 'k1', state: 'stopped' });
  context.session.kernel = { id: 'k7', status: 'idle', name: 'python3' };
  context.kernelDisplayStatus = 'idle';
  context.kernelChanged.emit();
  expect(follower.subject).toMatchObject({ kernelId: 'k7', state: 'idle' });
});

it('restarts a kernel that lives only after asking', async () => {
  const { shell, follower, notebook, asked } = setUp();
  shell.bring(notebook);
  await follower.restart();
  expect(asked).toEqual([notebook.sessionContext]);
});
