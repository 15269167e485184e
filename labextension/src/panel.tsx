import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg, ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import React from 'react';
import { sideOfSnapshot } from './comparing';
import type { PanelView } from './components/PanelView';
import { snapshotIcon } from './icons';
import type { Page } from './page';
import { CommandIDs, PANEL_ID, type CommandID, type ICommandArgs } from './tokens';

interface IPanelOptions {
  page: Page;
  commands: CommandRegistry;
  trans: TranslationBundle;
  /** Back to the notebook. */
  leave: () => void;
}

/** The sidebar panel: gives the models' state to the view, and the view's wishes to the commands. */
export class Panel extends ReactWidget {
  constructor(options: IPanelOptions) {
    super();
    this._page = options.page;
    this._commands = options.commands;
    this._trans = options.trans;
    this._leave = options.leave;
    this.id = PANEL_ID;
    this.addClass('jp-EnvSnap');
    this.title.icon = snapshotIcon;
    this.title.caption = this._trans.__('Environment');
    this.node.setAttribute('role', 'region');
    this.node.tabIndex = -1;
    this._menu = moreMenu(this._commands);
    this._page.changed.connect(this._onChanged, this);
    this._commands.commandChanged.connect(this._onChanged, this);
    document.addEventListener('visibilitychange', this._look);
    this._label();
  }

  override dispose(): void {
    this._page.changed.disconnect(this._onChanged, this);
    this._commands.commandChanged.disconnect(this._onChanged, this);
    document.removeEventListener('visibilitychange', this._look);
    this._menu.dispose();
    super.dispose();
  }

  /** Put the cursor where a package is looked for. */
  find(): void {
    this._page.show('environment');
    requestAnimationFrame(() => {
      this.node.querySelector<HTMLInputElement>('input[type="search"]')?.select();
    });
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._look();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._look();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._look();
  }

  protected override onActivateRequest(): void {
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
    this._enter();
  }

  protected override onUpdateRequest(message: Message): void {
    const inside = this.node.contains(document.activeElement);
    super.onUpdateRequest(message);
    void this.renderPromise?.then(() => {
      if (inside && document.activeElement === document.body) {
        // What had the focus is gone: it goes to the view's name, never to what acts.
        const tab = this.node.querySelector<HTMLElement>(
          '[role=tab][aria-selected=true]'
        );
        (tab ?? this.node).focus();
      }
      this._enter();
    });
  }

  protected override render(): React.JSX.Element | null {
    const View = this._view;
    if (!View) {
      return this._unloadable ? (
        <Unloadable trans={this._trans} onRetry={() => void this._load()} />
      ) : null;
    }
    const { model, history } = this._page;
    const { writing } = model;
    return (
      <View
        trans={this._trans}
        state={model.state}
        tab={this._page.tab}
        past={this._page.past}
        history={history.state}
        filter={history.filter}
        since={model.since}
        comparing={this._page.comparing.state}
        problem={this._page.problem}
        mayWrite={model.mayWrite}
        asking={model.asking}
        askObstacle={model.askObstacle}
        busy={!this._commands.isEnabled(CommandIDs.snapshot)}
        writing={writing.state}
        now={new Date()}
        onRun={(id, args) => {
          this._run(id, args);
        }}
        onTab={tab => {
          this._page.show(tab);
        }}
        onMore={anchor => {
          this._openMenu(anchor);
        }}
        onCopy={text => {
          Clipboard.copyToSystem(text);
        }}
        onOpen={snapshot => void this._page.open(snapshot)}
        onFilter={filter => {
          history.filter = filter;
        }}
        onCompareSnapshots={(before, after) => {
          this._page.compare(sideOfSnapshot(before), after && sideOfSnapshot(after));
        }}
        onMoreHistory={() => {
          history.more();
        }}
        onRetryHistory={() => {
          history.reload();
        }}
        onCompare={(before, after) => {
          this._page.comparing.choose(before, after);
        }}
        onSwap={() => {
          this._page.comparing.swap();
        }}
        onCompareAgain={() => {
          this._run(CommandIDs.refresh);
        }}
        onSnapshots={() => {
          history.wanted();
        }}
        onBackToNow={() => {
          this._page.backToNow();
        }}
        onFormat={name => {
          writing.chooseFormat(name);
        }}
        onProfile={name => {
          writing.chooseProfile(name);
        }}
        onOmission={omission => {
          writing.leaveOut(omission);
        }}
        onRead={() => {
          model.forgetQuestion();
        }}
        onLeave={this._leave}
      />
    );
  }

  /** Hand the focus on to the first action, which may come later than the panel. */
  private _enter(): void {
    if (document.activeElement === this.node) {
      const stop =
        this.node.querySelector<HTMLElement>('.jp-mod-accept') ??
        this.node.querySelector<HTMLElement>('button');
      stop?.focus();
    }
  }

  /** A panel in a tab that nobody sees is hidden, too. */
  private readonly _look = (): void => {
    this._page.visible = this.isVisible && !document.hidden;
    if (this.isVisible && !this._view) {
      void this._load();
    }
  };

  /** What draws it comes when it is first seen, so that a page without it starts as before. */
  private async _load(): Promise<void> {
    this._unloadable = false;
    try {
      this._view = (await import('./views')).PanelView;
    } catch {
      this._unloadable = true;
    }
    this.update();
  }

  private _onChanged(): void {
    this._label();
    this.update();
  }

  private _label(): void {
    const title = this._page.model.subject?.title;
    this.node.setAttribute(
      'aria-label',
      title ? this._trans.__('Environment of %1', title) : this._trans.__('Environment')
    );
  }

  private _run(id: CommandID, args: ICommandArgs = {}): void {
    void this._commands.execute(id, { ...args, from: 'panel' });
  }

  private _openMenu(anchor: HTMLElement): void {
    const box = anchor.getBoundingClientRect();
    const back = (): void => {
      this._menu.aboutToClose.disconnect(back);
      anchor.focus();
    };
    this._menu.aboutToClose.connect(back);
    const turned = getComputedStyle(anchor).direction === 'rtl';
    this._menu.open(turned ? box.left : box.right, box.bottom, {
      horizontalAlignment: turned ? 'left' : 'right'
    });
  }

  private _view: typeof PanelView | null = null;
  private _unloadable = false;
  private readonly _page: Page;
  private readonly _commands: CommandRegistry;
  private readonly _trans: TranslationBundle;
  private readonly _leave: () => void;
  private readonly _menu: MenuSvg;
}

function moreMenu(commands: CommandRegistry): MenuSvg {
  const menu = new MenuSvg({ commands });
  const args = { from: 'panel' };
  menu.addItem({ command: CommandIDs.refresh, args });
  menu.addItem({ command: CommandIDs.copyYaml, args });
  menu.addItem({ command: CommandIDs.copyRebuildCommand, args });
  menu.addItem({ command: CommandIDs.download, args });
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: CommandIDs.settings, args });
  return menu;
}

interface IUnloadableProps {
  trans: TranslationBundle;
  onRetry: () => void;
}

function Unloadable({ trans, onRetry }: IUnloadableProps): React.JSX.Element {
  return (
    <div className="jp-EnvSnap-none" role="alert">
      <p>{trans.__('This part of the page could not be loaded.')}</p>
      <button type="button" className="jp-EnvSnap-button" onClick={onRetry}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}
