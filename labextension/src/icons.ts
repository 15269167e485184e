import { LabIcon } from '@jupyterlab/ui-components';
import { DRAWINGS, type IconName } from './drawings';

const GREY = '#616161';

/**
 * JupyterLab recolours every fill and stroke attribute of what carries `jp-icon3`, also where it
 * says `none`: so `none` is said by style.
 */
function labIcon(name: IconName): LabIcon {
  const parts = DRAWINGS[name].replaceAll(
    'fill="currentColor" stroke="none"',
    `class="jp-icon3" fill="${GREY}" style="stroke:none"`
  );
  return new LabIcon({
    name: `jupyter-envsnap:${name}`,
    svgstr:
      '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">' +
      `<g class="jp-icon3" stroke="${GREY}" style="fill:none" stroke-width="1.4" ` +
      `stroke-linecap="round" stroke-linejoin="round">${parts}</g></svg>`
  });
}

export const snapshotIcon = labIcon('snapshot');
export const snapshotSameIcon = labIcon('snapshotSame');
export const snapshotChangedIcon = labIcon('snapshotChanged');
export const snapshotUnsavedIcon = labIcon('snapshotUnsaved');
export const saveIcon = labIcon('branch');
export const changesIcon = labIcon('compare');
export const historyIcon = labIcon('list');
export const refreshIcon = labIcon('refresh');
export const copyIcon = labIcon('copy');
export const downloadIcon = labIcon('download');
export const terminalIcon = labIcon('terminal');
export const fileIcon = labIcon('file');
export const settingsIcon = labIcon('gear');
