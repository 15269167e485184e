import { Token } from '@lumino/coreutils';
import type { IClient } from './client';
import type { Glance } from './glance';
import type { Page } from './page';

/** The actions; buttons, menus, palette and shortcuts name them. */
export const CommandIDs = {
  snapshot: 'envsnap:snapshot',
  save: 'envsnap:save',
  show: 'envsnap:show',
  showChanges: 'envsnap:show-changes',
  showHistory: 'envsnap:show-history',
  compareFile: 'envsnap:compare-file',
  updateFile: 'envsnap:update-file',
  refresh: 'envsnap:refresh',
  find: 'envsnap:find',
  chooseEnvironment: 'envsnap:choose-environment',
  askKernel: 'envsnap:ask-kernel',
  copyYaml: 'envsnap:copy-yaml',
  copyRebuildCommand: 'envsnap:copy-rebuild-command',
  restoreSnapshot: 'envsnap:restore-snapshot',
  deleteSnapshot: 'envsnap:delete-snapshot',
  copyChanges: 'envsnap:copy-changes',
  download: 'envsnap:download',
  restartKernel: 'envsnap:restart-kernel',
  startKernel: 'envsnap:start-kernel'
} as const;

export type CommandID = (typeof CommandIDs)[keyof typeof CommandIDs];

/** What some of the actions are told. */
export interface ICommandArgs {
  /** Id of a snapshot. */
  readonly snapshot?: string;
  /** Folder of an environment; null: the one found automatically. */
  readonly path?: string | null;
}

export const PANEL_ID = 'jupyter-envsnap-panel';

/** The page's state, for the plugins that show it or act on it. */
export interface IEnvSnap {
  readonly client: IClient;
  readonly page: Page;
  /** A word on the environment in front, also while the panel is hidden. */
  readonly glance: Glance;
}

export const IEnvSnap = new Token<IEnvSnap>(
  'jupyter-envsnap:IEnvSnap',
  'The environment of the kernel in front, and its history.'
);
