import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { apply, choicesFrom, type IChoices } from '../choices';
import { listen } from '../hearing';
import { Notifier } from '../notify';
import { IEnvSnap } from '../tokens';

const ID = 'jupyter-envsnap:watch';

/** What happens without being asked: the page follows the server, and says what was installed. */
export const watch: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Follows what the server tells of environments and their history.',
  requires: [IEnvSnap, INotebookTracker],
  optional: [ISettingRegistry, ITranslator],
  autoStart: true,
  activate: (
    app: JupyterFrontEnd,
    envsnap: IEnvSnap,
    notebooks: INotebookTracker,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ): void => {
    const { client, page, glance } = envsnap;
    const trans = (translator ?? nullTranslator).load('jupyter_envsnap');
    const notifier = new Notifier(app.commands, trans);
    let choices: IChoices = choicesFrom({});
    const followAgain = (): void => {
      page.model.refresh();
      glance.refresh();
      page.history.refresh();
    };

    listen(app.serviceManager.events.stream, {
      snapshotTaken: () => {
        page.history.refresh();
      },
      kernelChanged: (kernelId, summary) => {
        page.model.heard(kernelId);
        glance.heard(kernelId);
        const open = notebooks.find(
          ({ sessionContext }) => sessionContext.session?.kernel?.id === kernelId
        );
        if (open && summary !== null && choices.notifyChanges) {
          notifier.changed(summary, () => {
            app.shell.activateById(open.id);
          });
        }
      }
    });
    // Events that came meanwhile are not sent again.
    app.serviceManager.connectionFailure.connect(followAgain);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        followAgain();
      }
    });

    void Promise.all([registry?.load(ID), app.restored]).then(([settings]) => {
      if (!settings) {
        return;
      }
      const take = (): void => {
        choices = choicesFrom(settings.composite);
        apply(client, choices).catch((error: unknown) => {
          notifier.failed(error);
        });
      };
      settings.changed.connect(take);
      take();
    });
  }
};
