import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker } from '@jupyterlab/notebook';
import { Client, serverRequest } from '../client';
import { History } from '../history';
import { Follower } from '../kernel';
import { Model } from '../model';
import { Page } from '../page';
import { IEnvSnap } from '../tokens';

/** What there is to show, without any view. */
export const page: JupyterFrontEndPlugin<IEnvSnap> = {
  id: 'jupyter-envsnap:page',
  description: 'Follows the kernel in front and reads its environment.',
  requires: [INotebookTracker],
  optional: [IConsoleTracker],
  provides: IEnvSnap,
  autoStart: true,
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    consoles: IConsoleTracker | null
  ): IEnvSnap => {
    const { contents, serverSettings } = app.serviceManager;
    const client = new Client(serverRequest(serverSettings));
    const follower = new Follower(app.shell, notebooks, consoles, path =>
      contents.localPath(path)
    );
    const model = new Model(client, follower);
    return { client, page: new Page(model, new History(client, follower)) };
  }
};
