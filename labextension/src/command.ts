import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** Some depend on the format that is chosen. */
type Words = string | (() => string);

export interface IAction {
  label: Words;
  /** Under the panel's ⋯, where "environment" goes without saying. */
  short?: Words;
  caption: Words;
  icon?: LabIcon | (() => LabIcon);
  /** Of the button in a toolbar. */
  className?: () => string;
  isEnabled: () => boolean;
  /** Always, unless it says so. */
  isVisible?: () => boolean;
  args?: ReadonlyJSONObject;
  execute: (args: ReadonlyPartialJSONObject) => unknown;
}

export function addCommand(
  commands: CommandRegistry,
  trans: TranslationBundle,
  id: string,
  action: IAction
): void {
  commands.addCommand(id, {
    label: args => labelOf(action, args),
    caption: args =>
      args['toolbar']
        ? trans.__('%1: %2', said(action.label), said(action.caption))
        : said(action.caption),
    icon: action.icon,
    className: args => (args['toolbar'] ? (action.className?.() ?? '') : ''),
    isEnabled: action.isEnabled,
    isVisible: action.isVisible,
    describedBy: { args: { type: 'object', properties: action.args ?? {} } },
    execute: args => action.execute(args)
  });
}

function labelOf(action: IAction, args: ReadonlyPartialJSONObject): string {
  if (args['toolbar']) {
    // A toolbar shows the icon alone.
    return '';
  }
  return said(args['from'] === 'panel' ? (action.short ?? action.label) : action.label);
}

function said(words: Words): string {
  return typeof words === 'string' ? words : words();
}
