import base from './base.raw.css';
import panel from './panel.raw.css';
import text from './document.raw.css';
import states from './states.raw.css';
import popover from './popover.raw.css';
import history from './history.raw.css';
import changes from './changes.raw.css';
import dialog from './dialog.raw.css';
import choice from './choice.raw.css';
import responsive from './responsive.raw.css';

const style = document.createElement('style');
style.append(
  base,
  panel,
  text,
  states,
  popover,
  history,
  changes,
  dialog,
  choice,
  responsive
);
document.head.append(style);
