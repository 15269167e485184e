import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { page } from './plugins/page';
import { panel } from './plugins/panel';

export { IEnvSnap } from './tokens';

const plugins: readonly JupyterFrontEndPlugin<unknown>[] = [page, panel];

export default plugins;
