import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { api } from './plugins/api';
import { files } from './plugins/files';
import { page } from './plugins/page';
import { panel } from './plugins/panel';
import { status } from './plugins/status';
import { watch } from './plugins/watch';

export { IEnvSnap, type IEnvironmentChange } from './tokens';
export type { Standing } from './state';
export type { DocumentQuery } from './writing';
export type * as wire from './wire';

const plugins: readonly JupyterFrontEndPlugin<unknown>[] = [
  page,
  panel,
  watch,
  status,
  files,
  api
];

export default plugins;
