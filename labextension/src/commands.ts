import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Choosing } from './choosing';
import { addCommand, type IAction } from './command';
import { sideOf } from './comparing';
import { badge } from './badge';
import type { IClient, SaveSource } from './client';
import type { Glance } from './glance';
import { historyCommands } from './historycommands';
import * as icons from './icons';
import type { Notifier } from './notify';
import type { Page } from './page';
import { openFile } from './opening';
import { rebuildCommand } from './rebuild';
import type { Saving } from './saving';
import { textOf } from './state';
import { CommandIDs, type CommandID } from './tokens';
import type * as wire from './wire';

export interface ICommandsOptions {
  commands: CommandRegistry;
  page: Page;
  client: IClient;
  /** What the toolbar's button is to say of the environment; null: others say it. */
  glance: Glance | null;
  notifier: Notifier;
  trans: TranslationBundle;
  /** Bring the panel into view. */
  show: () => void;
  /** Put the cursor into the panel's search field. */
  find: () => void;
  /** Ask, and save; null where nothing was saved. */
  ask: (saving: Saving) => Promise<wire.SaveReply | null>;
  /** A file was written by the server: whoever shows it is to look again. */
  wrote: (path: string) => Promise<void>;
  /** Show how git is told who commits. */
  explainIdentity: () => Promise<void>;
  /** Ask whether to go on; `label` is what that is called. */
  confirm: (title: string, body: string, label: string) => Promise<boolean>;
  /** Ask for the note on a snapshot, which is `note` now; null: it stays as it is. */
  askNote: (note: string) => Promise<string | null>;
  /** Let a person choose the environment of the kernel of this notebook or console. */
  choose: (choosing: Choosing, title: string) => Promise<void>;
  /** Put a text into the clipboard. */
  copy: (text: string) => void;
  /** Offer a text as a file. */
  download: (filename: string, text: string) => void;
}

/** Those of the file browser are added where there is one. */
type PageCommandID = Exclude<
  CommandID,
  typeof CommandIDs.compareFile | typeof CommandIDs.updateFile
>;

const FILE = {
  file: {
    type: 'string',
    description: 'Server path of an environment file; absent: the one of the notebook'
  }
} as const;

const GIT = {
  git: {
    type: 'string',
    description: 'Name of a package whose git address is to be written, not its folder'
  }
} as const;

const YAML = 'environment.yml';
const SETTINGS_EDITOR = 'settingeditor:open';

/** The actions of the page; nothing else acts. */
export function addCommands(options: ICommandsOptions): void {
  const { commands, page } = options;
  for (const [id, action] of Object.entries(actions(options))) {
    addCommand(options.commands, options.trans, id, action);
  }
  page.model.changed.connect(() => {
    for (const id of [
      CommandIDs.snapshot,
      CommandIDs.chooseEnvironment,
      CommandIDs.askKernel,
      CommandIDs.copyYaml
    ]) {
      commands.notifyCommandChanged(id);
    }
  });
  options.glance?.changed.connect(() => {
    commands.notifyCommandChanged(CommandIDs.snapshot);
  });
}

function actions(options: ICommandsOptions): Readonly<Record<PageCommandID, IAction>> {
  const { commands, page, client, notifier, trans } = options;
  const { model } = page;
  const { writing } = model;
  let taking = false;

  const filename = (): string => writing.format?.filename ?? YAML;
  /** What people call the text. */
  const kind = (): string => (filename() === YAML ? 'YAML' : filename());

  const hasText = (): boolean => page.past !== null || model.reading !== null;
  const kernelLives = (): boolean =>
    model.subject !== null && model.subject.state !== 'stopped';

  const text = async (args: ReadonlyPartialJSONObject): Promise<string> => {
    if (typeof args['snapshot'] === 'string') {
      return client.snapshotDocument(args['snapshot'], writing.keptQuery);
    }
    const { state } = model;
    const stale = state.kind === 'ready' && state.refreshing;
    const shown = page.past?.text ?? (stale ? null : textOf(model.reading));
    return shown ?? client.document(model.subject?.kernelId ?? '', writing.query);
  };

  /** Run it, and tell in words what did not work. */
  const told = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      notifier.failed(error);
    }
  };

  const snapshot = async (): Promise<void> => {
    options.show();
    page.backToNow();
    taking = true;
    commands.notifyCommandChanged(CommandIDs.snapshot);
    try {
      notifier.kept(await model.takeSnapshot());
      model.refresh();
      page.history.refresh();
    } catch (error) {
      notifier.notKept(error);
    } finally {
      taking = false;
      commands.notifyCommandChanged(CommandIDs.snapshot);
    }
  };

  const save = (
    source: SaveSource,
    { file, git }: ReadonlyPartialJSONObject
  ): Promise<void> =>
    told(async () => {
      const { Saving } = await import('./views');
      const saving = new Saving(
        client,
        source,
        reply => model.permission.of(reply),
        writing,
        typeof git === 'string' ? { [git]: 'git' } : undefined
      );
      if (typeof file === 'string') {
        saving.path = file;
      }
      const reply = await options.ask(saving);
      if (reply) {
        notifier.saved(reply.commit ? reply : { ...reply, ...saving.missing });
        model.refresh();
        page.history.refresh();
        await options.wrote(reply.path);
      }
    });

  const saveKernel = async (args: ReadonlyPartialJSONObject): Promise<void> => {
    if (model.subject) {
      await save(`kernel:${model.subject.kernelId}`, args);
    }
  };

  const choose = async (args: ReadonlyPartialJSONObject): Promise<void> => {
    const { subject } = model;
    if (!subject) {
      return;
    }
    const { path } = args;
    const take = (chosen: string | null): Promise<void> =>
      model.choose(subject.kernelId, chosen);
    await told(async () => {
      if (typeof path === 'string' || path === null) {
        await take(path);
      } else {
        const { Choosing } = await import('./views');
        const choosing = new Choosing(client, subject.kernelId, take);
        await options.choose(choosing, subject.title);
      }
    });
  };

  const askKernel = async (args: ReadonlyPartialJSONObject): Promise<void> => {
    if (args['from'] !== 'panel') {
      options.show();
    }
    page.backToNow();
    const kernel = await model.ask();
    if (kernel) {
      notifier.answered(kernel);
    }
  };

  return {
    [CommandIDs.snapshot]: {
      label: trans.__('Snapshot environment'),
      ...badge(trans, options.glance),
      isEnabled: () => kernelLives() && model.mayWrite && !taking,
      execute: snapshot
    },
    [CommandIDs.save]: {
      label: trans.__('Save environment to repository…'),
      caption: trans.__('Write the environment file, and commit it'),
      icon: icons.saveIcon,
      isEnabled: () => kernelLives() && model.mayWrite,
      args: { ...FILE, ...GIT },
      execute: saveKernel
    },
    [CommandIDs.show]: {
      label: trans.__('Show environment'),
      caption: trans.__('Show what the kernel runs in'),
      icon: icons.snapshotIcon,
      isEnabled: () => true,
      execute: () => {
        page.show('environment');
        options.show();
      }
    },
    [CommandIDs.showChanges]: {
      label: trans.__('Show environment changes'),
      caption: trans.__('Show what changed since the environment file'),
      icon: icons.changesIcon,
      isEnabled: () => true,
      args: FILE,
      execute: ({ file }) => {
        if (typeof file === 'string') {
          page.compare(sideOf(`file:${file}`), null);
        } else {
          page.show('changes');
        }
        options.show();
      }
    },
    [CommandIDs.showHistory]: {
      label: trans.__('Show environment history'),
      caption: trans.__('Show the snapshots of this notebook’s environment'),
      icon: icons.historyIcon,
      isEnabled: () => true,
      execute: () => {
        page.show('history');
        options.show();
      }
    },
    [CommandIDs.openFile]: {
      label: trans.__('Open environment file'),
      caption: trans.__(
        'Open the file that describes the environment, at an error if any'
      ),
      icon: icons.fileIcon,
      isEnabled: () => Boolean(model.drift?.numbers.file?.name),
      execute: () =>
        told(async () => {
          const { standing } = model;
          const line = standing.kind === 'unclear' ? standing.line : null;
          await openFile(commands, model.drift?.numbers.file?.name ?? '', line);
        })
    },
    [CommandIDs.refresh]: {
      label: trans.__('Refresh environment'),
      short: trans.__('Refresh'),
      caption: trans.__('Read the kernel’s environment again'),
      icon: icons.refreshIcon,
      isEnabled: () => model.subject !== null,
      execute: () => {
        model.refresh();
        page.history.reload();
        page.comparing.refresh();
      }
    },
    [CommandIDs.find]: {
      label: trans.__('Find a package in the environment'),
      caption: trans.__('Search the kernel’s environment for a package'),
      isEnabled: hasText,
      execute: () => {
        options.show();
        options.find();
      }
    },
    [CommandIDs.chooseEnvironment]: {
      label: trans.__('Choose environment of the kernel…'),
      caption: trans.__('Say which environment the kernel runs in'),
      isEnabled: () => model.mayChoose,
      args: {
        path: {
          type: ['string', 'null'],
          description:
            'Folder of an environment that the server found; null: the one found automatically; absent: ask'
        }
      },
      execute: choose
    },
    [CommandIDs.askKernel]: {
      label: trans.__('Ask the kernel for its environment'),
      caption: trans.__(
        'Ask the kernel itself which environment it runs in, while no cell is running'
      ),
      isEnabled: () => model.askObstacle === null,
      execute: askKernel
    },
    [CommandIDs.copyYaml]: {
      label: () => trans.__('Copy environment as %1', kind()),
      short: () => trans.__('Copy %1', kind()),
      caption: trans.__('Copy the text of the environment file'),
      icon: icons.copyIcon,
      isEnabled: () =>
        hasText() || model.subject !== null || page.history.state.kind === 'ready',
      args: {
        snapshot: {
          type: 'string',
          description: 'Id of a snapshot; absent: what is in view'
        }
      },
      execute: args =>
        told(async () => {
          options.copy(await text(args));
          notifier.copied(trans.__('Copied the environment as %1.', kind()));
        })
    },
    [CommandIDs.copyRebuildCommand]: {
      label: trans.__('Copy rebuild command'),
      caption: trans.__('Copy the command that makes this environment from its file'),
      icon: icons.terminalIcon,
      isEnabled: () => model.subject !== null,
      execute: () =>
        told(async () => {
          const source = `kernel:${model.subject?.kernelId ?? ''}` as const;
          const command = rebuildCommand(await client.preview({ source }));
          options.copy(command);
          notifier.copied(trans.__('Copied: %1', command));
        })
    },
    [CommandIDs.explainIdentity]: {
      label: trans.__('How to tell git your name…'),
      caption: trans.__('Show the commands that tell git who commits'),
      isEnabled: () => true,
      execute: () => told(options.explainIdentity)
    },
    ...historyCommands({
      page,
      client,
      trans,
      told,
      confirm: options.confirm,
      askNote: options.askNote,
      save: source => save(source, {})
    }),
    [CommandIDs.copyChanges]: {
      label: trans.__('Copy environment changes as Markdown'),
      caption: trans.__('Copy what changed, for a pull request'),
      icon: icons.copyIcon,
      isEnabled: () => 'diff' in page.comparing.state.result,
      execute: () =>
        told(async () => {
          const { state } = page.comparing;
          const diff = 'diff' in state.result ? state.result.diff : null;
          if (diff) {
            const { changesOf, markdownOf } = await import('./views');
            options.copy(markdownOf(trans, state, changesOf(diff.changes), new Date()));
            notifier.copied(trans.__('Copied the changes as Markdown.'));
          }
        })
    },
    [CommandIDs.download]: {
      label: trans.__('Download environment'),
      short: trans.__('Download'),
      caption: trans.__('Download the environment file'),
      icon: icons.downloadIcon,
      isEnabled: () => hasText() || model.subject !== null,
      execute: args =>
        told(async () => {
          options.download(filename(), await text(args));
        })
    },
    [CommandIDs.restartKernel]: {
      label: trans.__('Restart the kernel'),
      caption: trans.__('Start the kernel anew; one that lives only after asking'),
      isEnabled: () => model.subject !== null,
      execute: () => told(() => model.restartKernel())
    },
    [CommandIDs.startKernel]: {
      label: trans.__('Start a kernel'),
      caption: trans.__('Choose a kernel for the notebook in front, or open a new one'),
      isEnabled: () => model.subject === null,
      execute: () =>
        commands.isEnabled('notebook:change-kernel')
          ? commands.execute('notebook:change-kernel')
          : commands.execute('notebook:create-new')
    },
    [CommandIDs.settings]: {
      label: trans.__('Environment settings…'),
      short: trans.__('Settings…'),
      caption: trans.__('Choose what is kept, and what is said, by itself'),
      icon: icons.settingsIcon,
      isEnabled: () => true,
      // Notebook 7 may have no editor of settings.
      isVisible: () => commands.hasCommand(SETTINGS_EDITOR),
      execute: () => commands.execute(SETTINGS_EDITOR, { query: trans.__('Environment') })
    }
  };
}
