import { Dialog } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';

interface IFormDialogOptions {
  title: string;
  /** Has its own buttons, and its own Enter key. */
  body: Widget;
  /** What was begun is told when it is done: until then the dialog stays. */
  held?: () => boolean;
}

/** JupyterLab's dialog, whose foot and Enter key are the form's. */
export class FormDialog extends Dialog<unknown> {
  constructor({ title, body, held = () => false }: IFormDialogOptions) {
    super({ title, body, buttons: [], focusNodeSelector: '.jp-EnvSnap-form' });
    this._held = held;
    this.addClass('jp-EnvSnap-dialog');
    this.node.setAttribute('aria-label', title);
    this.node.tabIndex = -1;
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    // The form gets the focus when the browser is idle; the keys are the dialog's until then, too.
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
  }

  override handleEvent(event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.type !== 'keydown') {
      super.handleEvent(event);
    } else if (event.key === 'Escape') {
      if (this.node.querySelector('.jp-EnvSnap-menu')) {
        // It closes what is unfolded first.
        return;
      }
      if (this._held()) {
        event.preventDefault();
        event.stopPropagation();
      } else {
        super.handleEvent(event);
      }
    } else if (event.key === 'Tab') {
      this._keepFocus(event);
    }
  }

  private _keepFocus(event: KeyboardEvent): void {
    const stops = Array.from(
      this.node.querySelectorAll<HTMLElement>(
        'a, button, input, summary, textarea, [tabindex="0"]'
      )
    ).filter(
      node =>
        !node.matches(':disabled, details:not([open]) > :not(summary) *') &&
        node.tabIndex >= 0
    );
    const [first] = stops;
    const last = stops[stops.length - 1];
    const [from, to] = event.shiftKey ? [first, last] : [last, first];
    if (document.activeElement === from) {
      event.preventDefault();
      to?.focus();
    }
  }

  private readonly _held: () => boolean;
}
