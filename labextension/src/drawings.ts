/** Drawings on a 16 px grid, stroke 1.4, in the colour of the text around them. */
export const DRAWINGS = {
  snapshot:
    '<path d="M2 5V3.2A1.2 1.2 0 0 1 3.2 2H5M11 2h1.8A1.2 1.2 0 0 1 14 3.2V5M14 11v1.8a1.2 1.2 0 0 1-1.2 1.2H11M5 14H3.2A1.2 1.2 0 0 1 2 12.8V11"/><circle cx="8" cy="8" r="2.6" fill="currentColor" stroke="none"/>',
  snapshotSame:
    '<path d="M2 5V3.2A1.2 1.2 0 0 1 3.2 2H5M11 2h1.8A1.2 1.2 0 0 1 14 3.2V5M14 11v1.8a1.2 1.2 0 0 1-1.2 1.2H11M5 14H3.2A1.2 1.2 0 0 1 2 12.8V11"/><path d="m5.4 8.2 1.8 1.8 3.4-3.9"/>',
  snapshotChanged:
    '<path d="M2 5V3.2A1.2 1.2 0 0 1 3.2 2H5M11 2h1.8A1.2 1.2 0 0 1 14 3.2V5M14 11v1.8a1.2 1.2 0 0 1-1.2 1.2H11M5 14H3.2A1.2 1.2 0 0 1 2 12.8V11"/><path d="M8 4.8v3.8M6.1 6.7h3.8M6.1 10.9h3.8"/>',
  snapshotUnsaved:
    '<path d="M2 5V3.2A1.2 1.2 0 0 1 3.2 2H5M11 2h1.8A1.2 1.2 0 0 1 14 3.2V5M14 11v1.8a1.2 1.2 0 0 1-1.2 1.2H11M5 14H3.2A1.2 1.2 0 0 1 2 12.8V11"/><circle cx="8" cy="8" r="2.6" stroke-dasharray="1.6 1.1"/>',
  branch:
    '<circle cx="4.5" cy="3.5" r="1.7"/><circle cx="4.5" cy="12.5" r="1.7"/><circle cx="11.5" cy="5.5" r="1.7"/><path d="M4.5 5.2v5.6M11.5 7.2c0 2.3-2 2.6-4 2.8-1.6.2-3 .4-3 .9"/>',
  more: '<circle cx="3" cy="8" r="1.3" fill="currentColor" stroke="none"/><circle cx="8" cy="8" r="1.3" fill="currentColor" stroke="none"/><circle cx="13" cy="8" r="1.3" fill="currentColor" stroke="none"/>',
  ok: '<circle cx="8" cy="8" r="6"/><path d="m5.2 8.2 2 2 3.7-4.2"/>',
  changed: '<circle cx="8" cy="8" r="6"/><path d="M8 4.6v4M6 6.6h4M6 10.9h4"/>',
  unsaved: '<circle cx="8" cy="8" r="6" stroke-dasharray="2.4 2.3"/>',
  alert:
    '<path d="M8 2.3 14.3 13.4H1.7z"/><path d="M8 6.4v3.2"/><circle cx="8" cy="11.5" r=".8" fill="currentColor" stroke="none"/>',
  info: '<circle cx="8" cy="8" r="6"/><path d="M8 7.4v3.6"/><circle cx="8" cy="5" r=".8" fill="currentColor" stroke="none"/>',
  stop: '<path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z"/><path d="M8 5v3.6"/><circle cx="8" cy="11" r=".8" fill="currentColor" stroke="none"/>',
  died: '<circle cx="8" cy="8" r="6"/><path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4"/>',
  refresh: '<path d="M13.4 7A5.5 5.5 0 1 0 13 10.3M13.6 3v4h-4"/>',
  working: '<path d="M8 2a6 6 0 1 1-6 6"/>',
  copy: '<rect x="5.5" y="5.5" width="8" height="8.5" rx="1"/><path d="M3.5 10.5h-.3A1.2 1.2 0 0 1 2 9.3V3.2A1.2 1.2 0 0 1 3.2 2h5.1a1.2 1.2 0 0 1 1.2 1.2v.3"/>',
  download:
    '<path d="M8 2v8M5 7l3 3 3-3M2.5 11.5v1.3A1.2 1.2 0 0 0 3.7 14h8.6a1.2 1.2 0 0 0 1.2-1.2v-1.3"/>',
  compare:
    '<rect x="2" y="3" width="5" height="10" rx="1"/><rect x="9" y="3" width="5" height="10" rx="1"/><path d="M11.5 6.5v3M10 8h3M3.5 8h2"/>',
  swap: '<path d="M5 13V3M2.5 5.5 5 3l2.5 2.5M11 3v10M8.5 10.5 11 13l2.5-2.5"/>',
  major: '<path d="M8 2 14 13H2z" fill="currentColor" stroke="none"/>',
  minor: '<path d="M8 3 13.5 12.6h-11z"/>',
  patch: '<path d="m3 10.5 5-5 5 5"/>',
  majorDown: '<path d="M8 14 2 3h12z" fill="currentColor" stroke="none"/>',
  minorDown: '<path d="M8 13 2.5 3.4h11z"/>',
  patchDown: '<path d="m3 5.5 5 5 5-5"/>',
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.4 10.4 3.6 3.6"/>',
  filter: '<path d="M2 3h12L9.5 8.4v4.4L6.5 11V8.4z"/>',
  right: '<path d="m6 4 4 4-4 4"/>',
  down: '<path d="m4 6 4 4 4-4"/>',
  power: '<path d="M8 2v6M4.6 4.2a5.2 5.2 0 1 0 6.8 0"/>',
  server:
    '<rect x="2" y="2.5" width="12" height="4.6" rx="1"/><rect x="2" y="9" width="12" height="4.6" rx="1"/><path d="M4.8 4.8h.1M4.8 11.3h.1M8 4.8h3.4M8 11.3h3.4"/>',
  recovered:
    '<circle cx="8" cy="8" r="6"/><circle cx="8" cy="8" r="2.4"/><path d="m3.8 3.8 2.5 2.5M12.2 3.8 9.7 6.3M3.8 12.2l2.5-2.5M12.2 12.2 9.7 9.7"/>',
  terminal: '<path d="m3 4 4 4-4 4M8.5 12.5H13"/>',
  delta: '<path d="M8 2.6v6M5 5.6h6M5 12.6h6"/>',
  file: '<path d="M9 2H4.2A1.2 1.2 0 0 0 3 3.2v9.6A1.2 1.2 0 0 0 4.2 14h7.6a1.2 1.2 0 0 0 1.2-1.2V6zM9 2v4h4"/>',
  lock: '<rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>',
  cloud: '<path d="M4.5 12.5a3 3 0 0 1-.3-6A4 4 0 0 1 12 7.2a2.7 2.7 0 0 1-.3 5.3z"/>',
  offline:
    '<path d="M2 6.2a9 9 0 0 1 12 0M4.4 8.9a5.4 5.4 0 0 1 7.2 0M2.5 2.5l11 11"/><circle cx="8" cy="12" r="1" fill="currentColor" stroke="none"/>',
  check: '<path d="m3.2 8.4 3.2 3.2 6.4-7"/>',
  close: '<path d="m4 4 8 8M12 4l-8 8"/>',
  idle: '<circle cx="8" cy="8" r="4.6"/>',
  busy: '<circle cx="8" cy="8" r="5" fill="currentColor" stroke="none"/>',
  dead: '<path d="m4.5 4.5 7 7M11.5 4.5l-7 7"/>',
  none: '<rect x="2" y="3" width="12" height="10" rx="1"/><path d="m6 6.2 4 4M10 6.2l-4 4"/>',
  unknown:
    '<circle cx="8" cy="8" r="6"/><path d="M6.3 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.2"/><circle cx="8" cy="11.3" r=".8" fill="currentColor" stroke="none"/>',
  gear: '<circle cx="8" cy="8" r="2.2"/><path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M3.6 12.4 5 11M11 5l1.4-1.4"/>',
  list: '<path d="M5.5 4H14M5.5 8H14M5.5 12H14M2.4 4h.1M2.4 8h.1M2.4 12h.1"/>',
  undo: '<path d="M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6"/>',
  folder:
    '<path d="M2 4.2A1.2 1.2 0 0 1 3.2 3h3l1.5 1.7h5.1A1.2 1.2 0 0 1 14 5.9v5.9a1.2 1.2 0 0 1-1.2 1.2H3.2A1.2 1.2 0 0 1 2 11.8z"/>'
} as const;

export type IconName = keyof typeof DRAWINGS;
