import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { apply, choicesFrom, type IChoices } from '../choices';
import { SwitchedOff } from '../client';
import { Fallback } from '../fallback';
import { Notifier } from '../notify';
import { timer } from '../retry';
import { IEnvSnapPage } from '../tokens';

const ID = 'jupyter-envsnap:watch';

/** What happens without being asked: the page follows the server, and says what was installed. */
export const watch: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Follows what the server tells of environments and their history.',
  requires: [IEnvSnapPage, INotebookTracker],
  optional: [ISettingRegistry, ITranslator],
  autoStart: true,
  activate: (
    app: JupyterFrontEnd,
    envsnap: IEnvSnapPage,
    notebooks: INotebookTracker,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ): void => {
    const { client, page, glance, hearing } = envsnap;
    const { model, history } = page;
    const trans = (translator ?? nullTranslator).load('jupyter_envsnap');
    const notifier = new Notifier(app.commands, trans);
    let choices: IChoices = choicesFrom({});
    const kernelChanged = (kernelId: string): void => {
      model.heard(kernelId);
      glance.heard(kernelId);
    };
    const followAgain = (): void => {
      model.refresh();
      glance.refresh();
      history.refresh();
    };

    hearing.snapshotTaken.connect(() => {
      history.refresh();
    });
    hearing.kernelChanged.connect((_, { kernelId, summary, count }) => {
      kernelChanged(kernelId);
      const open = notebooks.find(
        ({ sessionContext }) => sessionContext.session?.kernel?.id === kernelId
      );
      if (open && summary !== null && choices.notifyChanges) {
        notifier.changed(summary, count, () => {
          app.shell.activateById(open.id);
        });
      }
    });
    const fallback = new Fallback({
      client,
      timer,
      subject: () => glance.subject,
      hidden: () => document.hidden,
      changed: kernelChanged
    });
    hearing.heard.connect(() => {
      fallback.heard();
    });
    // Events that came meanwhile are not sent again.
    app.serviceManager.connectionFailure.connect(followAgain);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        glance.refresh();
      }
    });

    const follow = (settings: ISettingRegistry.ISettings): void => {
      const tell = (): void => {
        apply(client, choices).catch((error: unknown) => {
          if (!(error instanceof SwitchedOff)) {
            notifier.failed(error);
          }
        });
      };
      const take = (): void => {
        choices = choicesFrom(settings.composite);
        // Without a kernel there is nothing that happens by itself, and nothing is asked.
        if (model.subject) {
          tell();
        } else {
          model.changed.connect(tellOnce);
        }
      };
      const tellOnce = (): void => {
        if (model.subject) {
          model.changed.disconnect(tellOnce);
          tell();
        }
      };
      settings.changed.connect(take);
      take();
    };

    void app.restored.then(() => {
      fallback.start();
    });
    if (registry) {
      Promise.all([registry.load(ID), app.restored]).then(
        ([settings]) => {
          follow(settings);
        },
        (error: unknown) => {
          notifier.failed(error);
        }
      );
    }
  }
};
