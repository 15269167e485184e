const { TestEnvironment } = require('jest-environment-jsdom');

/** jsdom, with what JupyterLab's modules and our client expect of a browser beside it. */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, {
      fetch,
      Headers,
      Request,
      Response,
      TextDecoder,
      TextEncoder,
      structuredClone
    });
  }
};
