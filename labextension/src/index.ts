import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { page } from './plugins/page';
import { panel } from './plugins/panel';
import { watch } from './plugins/watch';

export { IEnvSnap } from './tokens';

const plugins: readonly JupyterFrontEndPlugin<unknown>[] = [page, panel, watch];

export default plugins;
