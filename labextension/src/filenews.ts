import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { Contents, IContentProvider } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

type Opened = Pick<IDocumentManager, 'findWidget' | 'contextForWidget'>;

/**
 * Tells the rest of the page of a file that the server wrote by itself.
 *
 * It is a content provider because that is how a drive hears of such writes: the file browser, git's
 * view and whoever else follows the contents manager take them for their own. Nothing is read or
 * saved through it.
 */
export class FileNews implements IContentProvider {
  constructor(
    private readonly _contents: Pick<Contents.IManager, 'get'>,
    drive: Contents.IDrive | null,
    private readonly _opened: Opened | null
  ) {
    drive?.contentProviderRegistry?.register('jupyter-envsnap', this);
  }

  get fileChanged(): Signal<this, Contents.IChangedArgs> {
    return this._changed;
  }

  /** This file has another text than before, or was committed; it is so, whoever can be told. */
  async tell(path: string): Promise<void> {
    // An editor that cannot show the text says so itself; lists see it when they look next.
    await Promise.allSettled([this._readAgain(path), this._announce(path)]);
  }

  get(path: string, options?: Contents.IFetchOptions): Promise<Contents.IModel> {
    return this._contents.get(path, options);
  }

  save(): Promise<never> {
    return Promise.reject(new Error('The server saves environment files by itself.'));
  }

  private async _announce(path: string): Promise<void> {
    const newValue = await this._contents.get(path, { content: false });
    this._changed.emit({ type: 'save', oldValue: null, newValue });
  }

  /** An editor without changes of its own shows the new text; one that has any is not touched. */
  private async _readAgain(path: string): Promise<void> {
    const widget = this._opened?.findWidget(path, null);
    const context = widget && this._opened?.contextForWidget(widget);
    // One that several people edit is kept up to date by its server.
    if (context && !context.model.dirty && !context.model.collaborative) {
      await context.revert();
    }
  }

  private readonly _changed = new Signal<this, Contents.IChangedArgs>(this);
}
