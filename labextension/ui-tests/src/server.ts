import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

import { Listing, makeClimate, makeEmptyEnvironment } from './environments';
import { kernelspecs } from './kernels';

/** How a server is started. */
export interface Flavour {
  /** The program: JupyterLab or Notebook 7. */
  app: 'lab' | 'notebook';
  /** The folder of its commands; null: found on PATH; empty: it was to be given and was not. */
  bin: string | null;
  /** Starts and ends with a slash. */
  baseUrl: string;
  /** Whether our server extension is switched on. */
  extension: boolean;
}

export const LAB: Flavour = { app: 'lab', bin: null, baseUrl: '/', extension: true };

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** A real Jupyter server with folders of its own, which are gone when it is. */
export class JupyterServer {
  private constructor(
    readonly flavour: Flavour,
    /** What it serves. */
    readonly root: string,
    /** Ends with the base URL. */
    readonly url: string,
    readonly token: string,
    /** The prefix of `climate`, a real conda environment of this server's own. */
    readonly climate: string,
    private readonly listing: Listing,
    private readonly home: string,
    private child: ChildProcess,
    private readonly output: string[]
  ) {}

  static async start(flavour: Flavour): Promise<JupyterServer> {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'envsnap-ui-')));
    try {
      return await JupyterServer.launch(flavour, home);
    } catch (error) {
      rmSync(home, { recursive: true, force: true });
      throw error;
    }
  }

  private static async launch(flavour: Flavour, home: string): Promise<JupyterServer> {
    const root = join(home, 'work');
    mkdirSync(root);
    mkdirSync(wheels(home));
    const climate = makeClimate(home);
    const token = randomBytes(16).toString('hex');
    writeFileSync(
      join(home, 'config.py'),
      configuration(flavour, root, join(home, 'denied'))
    );
    writeFileSync(join(home, 'denied'), '');
    askNothing(join(home, 'config'));
    const output: string[] = [];
    const child = run(flavour, home, token);
    const url = await address(child, output);
    return new JupyterServer(
      flavour,
      root,
      url,
      token,
      climate,
      new Listing(climate),
      home,
      child,
      output
    );
  }

  /** What it has logged. */
  get log(): string {
    return this.output.join('');
  }

  /** Where a fragile kernel looks: `hold` makes its start wait, `broken` makes it fail. */
  switchFile(name: 'hold' | 'broken'): string {
    return join(this.home, name);
  }

  /** Put empty conda environments of these names beside the others, for a while. */
  async withEnvironments(names: string[], run: () => Promise<void>): Promise<void> {
    const made = names.map(name => makeEmptyEnvironment(this.home, name));
    try {
      await run();
    } finally {
      made.forEach(prefix => {
        rmSync(prefix, { recursive: true });
      });
    }
  }

  /** Make a wheel of an empty module, which `%pip install` finds; its path. */
  offerWheel(name: string, version: string): string {
    const script = resolve(__dirname, '..', 'make_wheel.py');
    const folder = wheels(this.home);
    execFileSync('python', [script, folder, name, version]);
    return join(folder, `${name}-${version}-py3-none-any.whl`);
  }

  /** As an installer does first: something in the environment of `climate` is not as it was. */
  touchEnvironment(): void {
    const file = join(this.climate, 'conda-meta', '.being-written');
    writeFileSync(file, '');
    rmSync(file);
  }

  /** Put so many snapshots of a notebook into the history, beside the server. */
  fillHistory(notebook: string, count: number): void {
    const script = resolve(__dirname, '..', 'make_history.py');
    const history = join(this.home, 'data', 'envsnap', 'history.sqlite');
    execFileSync('python', [script, history, this.climate, notebook, String(count)]);
  }

  /** Refuse these actions (`read`, `write`) on environments from now on. */
  deny(...actions: string[]): void {
    writeFileSync(join(this.home, 'denied'), actions.join(' '));
  }

  /** Let the history be as long as it likes. */
  async keepAll(): Promise<void> {
    const choice = { keep_count: null, keep_days: null };
    await this.request('PUT', 'envsnap/settings', choice);
  }

  async request(
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    body?: object
  ): Promise<Response> {
    const headers = { Authorization: `token ${this.token}` };
    const response = await fetch(this.url + path, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {})
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response;
  }

  /** Leave nothing behind for the next test: no kernel, and nothing that came into `climate`. */
  async tidyUp(): Promise<void> {
    this.deny();
    try {
      await this.shutDownKernels();
    } finally {
      this.listing.restore();
    }
  }

  private async shutDownKernels(): Promise<void> {
    const kernels = (await (await this.request('GET', 'api/kernels')).json()) as {
      id: string;
    }[];
    await Promise.all(
      kernels.map(({ id }) => this.request('DELETE', `api/kernels/${id}`))
    );
  }

  /** As when its computer fails: it is gone at once, and its kernels go. */
  async kill(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  /** Start it again where it was. */
  async revive(): Promise<void> {
    this.output.length = 0;
    this.child = run(this.flavour, this.home, this.token, [
      `--ServerApp.port=${new URL(this.url).port}`,
      '--ServerApp.port_retries=0'
    ]);
    await address(this.child, this.output);
  }

  /** Stop it, kernels and all, and wait until it is gone. */
  async stop(): Promise<void> {
    await ended(this.child);
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Start the program with what was made for it below `home`. */
function run(
  flavour: Flavour,
  home: string,
  token: string,
  options: string[] = []
): ChildProcess {
  const config = join(home, 'config.py');
  return spawn('jupyter', [flavour.app, '--config', config, ...options], {
    cwd: join(home, 'work'),
    env: environment(flavour, home, token),
    stdio: ['ignore', 'ignore', 'pipe']
  });
}

/** Keep JupyterLab from asking whether it may fetch news. */
function askNothing(config: string): void {
  const folder = join(
    config,
    'lab',
    'user-settings',
    '@jupyterlab',
    'apputils-extension'
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'notification.jupyterlab-settings'),
    JSON.stringify({ fetchNews: 'false', checkForUpdates: false })
  );
}

function wheels(home: string): string {
  return join(home, 'wheels');
}

async function address(child: ChildProcess, output: string[]): Promise<string> {
  const stderr = child.stderr;
  if (stderr === null) {
    throw new Error('the server has no stderr');
  }
  stderr.setEncoding('utf-8');
  return new Promise((answer, reject) => {
    const fail = (why: string): void => {
      reject(new Error(`the server ${why}:\n${output.join('')}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`was not ready after ${START_TIMEOUT_MS} ms`);
    }, START_TIMEOUT_MS);
    child.once('error', error => {
      clearTimeout(timer);
      fail(`did not start (${error.message})`);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      fail('ended at once');
    });
    stderr.on('data', (text: string) => {
      output.push(text);
      const found =
        /is running at:[^]*?(http:\/\/127\.0\.0\.1:\d+\/\S*?)(?:lab|tree)\?token=/.exec(
          output.join('')
        );
      if (found?.[1] !== undefined) {
        clearTimeout(timer);
        answer(found[1]);
      }
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exit;
  clearTimeout(timer);
}

/** The caller's environment without its Jupyter, git and Python settings. */
function environment(flavour: Flavour, home: string, token: string): NodeJS.ProcessEnv {
  const foreign = /^(JUPYTER|IPYTHON|GIT_|PYTHON|CONDA|VIRTUAL_ENV|PIP_)/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const path = process.env.PATH ?? '';
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    PATH: flavour.bin === null ? path : flavour.bin + delimiter + path,
    JUPYTER_PATH: kernelspecs(home),
    JUPYTER_CONFIG_DIR: join(home, 'config'),
    JUPYTER_DATA_DIR: join(home, 'data'),
    JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
    JUPYTER_TOKEN: token,
    IPYTHONDIR: join(home, 'ipython'),
    GIT_CONFIG_NOSYSTEM: '1',
    // What `%pip install` in a cell may use: nothing but what the test offers.
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: wheels(home),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_ROOT_USER_ACTION: 'ignore'
  };
}

function configuration(flavour: Flavour, root: string, denied: string): string {
  return `
from pathlib import Path

from jupyter_server.auth import AllowAllAuthorizer


class Denying(AllowAllAuthorizer):
    """Refuses what the file lists, for environments only."""

    def is_authorized(self, handler, user, action, resource):
        return resource != "envsnap" or action not in Path(${JSON.stringify(denied)}).read_text().split()


c = get_config()
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = 0
c.ServerApp.base_url = ${JSON.stringify(flavour.baseUrl)}
c.ServerApp.root_dir = ${JSON.stringify(root)}
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.ServerApp.authorizer_class = Denying
c.ServerApp.jpserver_extensions = {"jupyter_envsnap": ${flavour.extension ? 'True' : 'False'}}
c.KernelRestarter.restart_limit = 1
c.KernelRestarter.time_to_dead = 0.2
c.LabApp.expose_app_in_browser = True
c.JupyterNotebookApp.expose_app_in_browser = True
`;
}
