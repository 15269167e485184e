import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { StatusItem } from '../statusitem';
import { CommandIDs, IEnvSnapPage } from '../tokens';

/** Beside the line and column, on the right. */
const RANK = 20;

/** A word in the status bar; Notebook 7 has none. */
export const status: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-envsnap:status',
  description: 'Says in the status bar whether the environment is written down.',
  requires: [IEnvSnapPage, IStatusBar],
  optional: [ITranslator],
  autoStart: true,
  activate: (
    app: JupyterFrontEnd,
    envsnap: IEnvSnapPage,
    bar: IStatusBar,
    translator: ITranslator | null
  ): void => {
    const { glance } = envsnap;
    const trans = (translator ?? nullTranslator).load('jupyter_envsnap');
    const item = new StatusItem(glance, trans, () => {
      void app.commands.execute(CommandIDs.showChanges);
    });
    bar.registerStatusItem('jupyter-envsnap:status', {
      item,
      align: 'right',
      rank: RANK,
      isActive: () => glance.subject !== null,
      activeStateChanged: glance.changed
    });
  }
};
