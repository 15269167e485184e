import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { SessionContextDialogs } from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';
import { Client, serverRequest } from '../client';
import { Comparing } from '../comparing';
import { Glance } from '../glance';
import { History } from '../history';
import { Hearing } from '../hearing';
import { Follower } from '../kernel';
import { Model } from '../model';
import { Page } from '../page';
import { IEnvSnapPage } from '../tokens';

/** What there is to show, without any view. */
export const page: JupyterFrontEndPlugin<IEnvSnapPage> = {
  id: 'jupyter-envsnap:page',
  description: 'Follows the kernel in front and reads its environment.',
  requires: [INotebookTracker],
  optional: [IConsoleTracker, ITranslator, IStatusBar],
  provides: IEnvSnapPage,
  autoStart: true,
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    consoles: IConsoleTracker | null,
    translator: ITranslator | null,
    bar: IStatusBar | null
  ): IEnvSnapPage => {
    const { contents, events, serverSettings } = app.serviceManager;
    const client = new Client(serverRequest(serverSettings));
    const dialogs = new SessionContextDialogs({ translator: translator ?? undefined });
    const follower = new Follower(
      app.shell,
      notebooks,
      consoles,
      path => contents.localPath(path),
      context => dialogs.restart(context)
    );
    const model = new Model(client, follower);
    const history = new History(client, follower);
    const page = new Page(model, history, new Comparing(client, model));
    const glance = new Glance(client, model);
    const look = (): void => {
      glance.active = !document.hidden;
    };
    void app.restored.then(() => {
      document.addEventListener('visibilitychange', look);
      look();
    });
    return {
      client,
      page,
      glance,
      hearing: new Hearing(events.stream),
      inStatusBar: bar !== null
    };
  }
};
