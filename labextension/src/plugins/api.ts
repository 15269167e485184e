import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { EnvSnap } from '../envsnap';
import { IEnvSnap, IEnvSnapPage } from '../tokens';

/** What other extensions ask and listen to; loaded where one of them wants it. */
export const api: JupyterFrontEndPlugin<IEnvSnap> = {
  id: 'jupyter-envsnap:api',
  description: 'Lets other extensions ask for environments, and hear of their changes.',
  requires: [IEnvSnapPage],
  provides: IEnvSnap,
  activate: (_: JupyterFrontEnd, envsnap: IEnvSnapPage): IEnvSnap =>
    new EnvSnap(envsnap.client, envsnap.glance, envsnap.hearing)
};
