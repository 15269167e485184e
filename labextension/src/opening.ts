import type { CommandRegistry } from '@lumino/commands';

/** What of an opened text file is used. */
interface IOpened {
  readonly context: { readonly ready: Promise<void> };
  readonly content: {
    readonly editor: {
      setCursorPosition(position: { line: number; column: number }): void;
      focus(): void;
    };
  };
}

/** Open a file as text; at a line (from 1) where that is known and it opens in this window. */
export async function openFile(
  commands: CommandRegistry,
  path: string,
  line: number | null
): Promise<void> {
  const opened: unknown = await commands.execute('docmanager:open', {
    path,
    factory: 'Editor'
  });
  if (line !== null && isOpened(opened)) {
    await opened.context.ready;
    const { editor } = opened.content;
    editor.setCursorPosition({ line: line - 1, column: 0 });
    editor.focus();
  }
}

function isOpened(value: unknown): value is IOpened {
  return has(value, 'context') && has(value, 'content') && has(value.content, 'editor');
}

function has<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}
