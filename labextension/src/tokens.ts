import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { IClient } from './client';
import type { Glance } from './glance';
import type { Hearing } from './hearing';
import type { Page } from './page';
import type { Standing } from './state';
import type * as wire from './wire';
import type { DocumentQuery } from './writing';

/** The actions; buttons, menus, palette and shortcuts name them. */
export const CommandIDs = {
  snapshot: 'envsnap:snapshot',
  save: 'envsnap:save',
  show: 'envsnap:show',
  showChanges: 'envsnap:show-changes',
  showHistory: 'envsnap:show-history',
  compareFile: 'envsnap:compare-file',
  updateFile: 'envsnap:update-file',
  openFile: 'envsnap:open-file',
  refresh: 'envsnap:refresh',
  find: 'envsnap:find',
  chooseEnvironment: 'envsnap:choose-environment',
  askKernel: 'envsnap:ask-kernel',
  copyYaml: 'envsnap:copy-yaml',
  copyRebuildCommand: 'envsnap:copy-rebuild-command',
  explainIdentity: 'envsnap:explain-git-identity',
  restoreSnapshot: 'envsnap:restore-snapshot',
  noteSnapshot: 'envsnap:note-snapshot',
  deleteSnapshot: 'envsnap:delete-snapshot',
  copyChanges: 'envsnap:copy-changes',
  download: 'envsnap:download',
  restartKernel: 'envsnap:restart-kernel',
  startKernel: 'envsnap:start-kernel',
  settings: 'envsnap:settings'
} as const;

export type CommandID = (typeof CommandIDs)[keyof typeof CommandIDs];

/** What some of the actions are told. */
export interface ICommandArgs {
  /** Name of a package whose git address is to be written. */
  readonly git?: string;
  /** Id of a snapshot. */
  readonly snapshot?: string;
  /** Folder of an environment; null: the one found automatically. */
  readonly path?: string | null;
}

export const PANEL_ID = 'jupyter-envsnap-panel';

/** What the plugins of this package share. */
export interface IEnvSnapPage {
  readonly client: IClient;
  readonly page: Page;
  /** A word on the environment in front, also while the panel is hidden. */
  readonly glance: Glance;
  readonly hearing: Hearing;
  /** Whether that word has a place of its own; else the toolbar's button says it. */
  readonly inStatusBar: boolean;
}

export const IEnvSnapPage = new Token<IEnvSnapPage>(
  'jupyter-envsnap:IEnvSnapPage',
  'What the plugins of jupyter-envsnap share; other extensions use IEnvSnap.'
);

/** A change of which other extensions are told; what it is, they ask. */
export interface IEnvironmentChange {
  /** `environment`: something was installed, or it compares otherwise; `history`: one was kept. */
  readonly kind: 'environment' | 'history';
  /** Null where it is not of one kernel. */
  readonly kernelId: string | null;
}

/**
 * The environments of kernels, for other extensions. What is asked rejects with an error whose
 * message is fit for reading.
 */
export interface IEnvSnap {
  /** The kernel in front; null: there is none. */
  readonly kernelId: string | null;
  /** How its environment stands to its file: what the status bar says. */
  readonly standing: Standing;
  /** Another kernel is in front, or its environment stands otherwise to its file. */
  readonly standingChanged: ISignal<IEnvSnap, void>;
  /** The server told of a change, of whichever kernel. */
  readonly changed: ISignal<IEnvSnap, IEnvironmentChange>;
  /** What is installed where a kernel runs. */
  environment(kernelId: string): Promise<wire.Environment>;
  /** The same as text: `environment.yml` with every version, unless asked otherwise. */
  document(kernelId: string, query?: DocumentQuery): Promise<string>;
  /** What it has become since its file and its last snapshot. */
  drift(kernelId: string): Promise<wire.Drift>;
  /** Keep it in the history. */
  takeSnapshot(kernelId: string): Promise<wire.SnapshotTaken>;
}

export const IEnvSnap = new Token<IEnvSnap>(
  'jupyter-envsnap:IEnvSnap',
  'The environment of the kernel in front: ask for it, keep it, hear of its changes.'
);
