import type { ICommandArgs, CommandID } from '../tokens';

/** A button or a link, as words and what they do. */
export interface IAction {
  readonly words: string;
  readonly onClick: () => void;
  /** Why it cannot be done now. */
  readonly whyNot?: string | null;
}

/** Runs a command of the page. */
export type Run = (id: CommandID, args?: ICommandArgs) => void;

/** The action that runs a command. */
export function actionOf(
  onRun: Run,
  words: string,
  id: CommandID,
  whyNot: string | null = null
): IAction {
  return {
    words,
    whyNot,
    onClick: () => {
      onRun(id);
    }
  };
}
