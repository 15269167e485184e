import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { files } from './plugins/files';
import { page } from './plugins/page';
import { panel } from './plugins/panel';
import { status } from './plugins/status';
import { watch } from './plugins/watch';

export { IEnvSnap } from './tokens';

const plugins: readonly JupyterFrontEndPlugin<unknown>[] = [
  page,
  panel,
  watch,
  status,
  files
];

export default plugins;
