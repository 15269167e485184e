import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  Clipboard,
  Dialog,
  ICommandPalette,
  InputDialog,
  showDialog
} from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultDrive, type Contents } from '@jupyterlab/services';
import {
  ITranslator,
  nullTranslator,
  type TranslationBundle
} from '@jupyterlab/translation';
import { addCommands } from '../commands';
import { FileNews } from '../filenews';
import { Notifier } from '../notify';
import { Panel } from '../panel';
import { CommandIDs, IEnvSnapPage, PANEL_ID, type CommandID } from '../tokens';

const IN_PALETTE: readonly CommandID[] = [
  CommandIDs.snapshot,
  CommandIDs.save,
  CommandIDs.show,
  CommandIDs.showChanges,
  CommandIDs.showHistory,
  CommandIDs.refresh,
  CommandIDs.find,
  CommandIDs.chooseEnvironment,
  CommandIDs.askKernel,
  CommandIDs.copyYaml,
  CommandIDs.copyChanges,
  CommandIDs.copyRebuildCommand,
  CommandIDs.download
];

/** After JupyterLab's own panels on the right. */
const RANK = 800;

/** The panel in the right sidebar, and the actions; where they stand is in `schema/`. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envsnap:panel',
  description: 'The environment of the kernel in front, in the right sidebar.',
  requires: [IEnvSnapPage],
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    IDocumentManager,
    IDefaultDrive
  ],
  autoStart: true,
  activate: (
    app: JupyterFrontEnd,
    envsnap: IEnvSnapPage,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    documents: IDocumentManager | null,
    drive: Contents.IDrive | null
  ): void => {
    const { page, client, glance, hearing, inStatusBar } = envsnap;
    const trans = (translator ?? nullTranslator).load('jupyter_envsnap');
    const { commands, shell } = app;
    const news = new FileNews(app.serviceManager.contents, drive, documents);
    const leave = (): void => {
      const front = shell.currentWidget;
      if (front) {
        shell.activateById(front.id);
      }
    };
    const widget = new Panel({ page, commands, trans, leave });
    addCommands({
      commands,
      page,
      client,
      glance: inStatusBar ? null : glance,
      trans,
      notifier: new Notifier(commands, trans),
      show: () => {
        shell.activateById(PANEL_ID);
        // The palette gives the focus back to the notebook once its command has run.
        requestAnimationFrame(() => {
          widget.activate();
        });
      },
      find: () => {
        widget.find();
      },
      ask: async saving =>
        (await import('../views')).saveDialog({ saving, trans, hearing, leave, copy }),
      wrote: path => news.tell(path),
      explainIdentity: async () => (await import('../views')).identityDialog(trans, copy),
      confirm,
      askNote: note => askNote(trans, note),
      choose: async (choosing, title) =>
        (await import('../views')).chooseDialog(choosing, title, trans),
      copy,
      download
    });
    shell.add(widget, 'right', { rank: RANK, type: 'Environment' });
    restorer?.add(widget, PANEL_ID);
    for (const command of IN_PALETTE) {
      palette?.addItem({ command, category: trans.__('Environment') });
    }
  }
};

async function askNote(trans: TranslationBundle, note: string): Promise<string | null> {
  const { button, value } = await InputDialog.getText({
    title: trans.__('Note on this snapshot'),
    label: trans.__('What it is about, such as: before the numpy upgrade'),
    text: note,
    okLabel: trans.__('Keep note')
  });
  return button.accept ? (value ?? '') : null;
}

/** Cancel has the focus: nothing is deleted by a hasty Enter, and nothing urges to. */
async function confirm(title: string, body: string, label: string): Promise<boolean> {
  const buttons = [
    Dialog.cancelButton(),
    Dialog.createButton({ label, accept: true, className: 'jp-EnvSnap-plainButton' })
  ];
  const { button } = await showDialog({ title, body, buttons, defaultButton: 0 });
  return button.accept;
}

function copy(text: string): void {
  Clipboard.copyToSystem(text);
}

function download(filename: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(url);
}
