import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addFileCommands, isEnvironmentFile } from '../filecommands';
import { IEnvSnapPage } from '../tokens';

/** What the file browser offers for an environment file; where it stands is in `schema/`. */
export const files: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envsnap:files',
  description: 'Compares environment files with the kernel, from the file browser.',
  requires: [IEnvSnapPage, IFileBrowserFactory],
  optional: [ITranslator],
  autoStart: true,
  activate: (
    app: JupyterFrontEnd,
    envsnap: IEnvSnapPage,
    browsers: IFileBrowserFactory,
    translator: ITranslator | null
  ): void => {
    const { commands, serviceManager } = app;
    const trans = (translator ?? nullTranslator).load('jupyter_envsnap');
    /** Server path of the one file that is selected, if it is such a file. */
    const selected = (): string | null => {
      const items = Array.from(browsers.tracker.currentWidget?.selectedItems() ?? []);
      const [item] = items;
      return items.length === 1 && item?.type === 'file' && isEnvironmentFile(item.name)
        ? serviceManager.contents.localPath(item.path)
        : null;
    };
    addFileCommands({ commands, trans, model: envsnap.page.model, selected });
  }
};
