// A failed query names what it looked for; the whole tree would hide it.
process.env.DEBUG_PRINT_LIMIT = '0';

// React asks for this flag when tests use act().
globalThis.IS_REACT_ACT_ENVIRONMENT = true;

// JupyterLab's modules look for these when they are loaded; jsdom has none of them.
globalThis.DragEvent ??= class extends MouseEvent {};
globalThis.IntersectionObserver ??= class {
  observe() {}
  disconnect() {}
};
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
globalThis.requestIdleCallback ??= callback => setTimeout(callback, 0);
Element.prototype.scrollBy ??= function () {};
window.matchMedia ??= () => ({
  matches: false,
  addEventListener() {},
  removeEventListener() {}
});
// Copying is the browser's business; nothing here copies.
navigator.clipboard ??= {};
document.queryCommandSupported ??= () => false;
