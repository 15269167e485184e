import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { addCommand } from './command';
import * as icons from './icons';
import type { Model } from './model';
import { CommandIDs } from './tokens';

const NAME = /^(.*[._-])?env(ironment)?([._-].*)?\.ya?ml$/i;

/** Whether a file of this name describes an environment: `environment.yml`, `env-gpu.yaml`, … */
export function isEnvironmentFile(name: string): boolean {
  return NAME.test(name);
}

export interface IFileCommandsOptions {
  commands: CommandRegistry;
  trans: TranslationBundle;
  model: Model;
  /** Server path of the one environment file that is selected; null: there is none. */
  selected: () => string | null;
}

/** What can be done with an environment file that is selected. */
export function addFileCommands(options: IFileCommandsOptions): void {
  const { commands, trans, model, selected } = options;
  const isVisible = (): boolean => selected() !== null;
  const isEnabled = (): boolean => isVisible() && model.subject !== null;
  addCommand(commands, trans, CommandIDs.compareFile, {
    label: trans.__('Compare with kernel’s environment'),
    caption: trans.__('Show what the kernel in front has otherwise than this file'),
    icon: icons.changesIcon,
    isVisible,
    isEnabled,
    execute: () => commands.execute(CommandIDs.showChanges, { file: selected() })
  });
  addCommand(commands, trans, CommandIDs.updateFile, {
    label: trans.__('Update from kernel’s environment…'),
    caption: trans.__('Write what the kernel in front has into this file'),
    icon: icons.saveIcon,
    isVisible,
    isEnabled: () => isEnabled() && model.mayWrite,
    execute: () => commands.execute(CommandIDs.save, { file: selected() })
  });
}
