module.exports = {
  testEnvironment: '<rootDir>/jest-env.js',
  setupFiles: ['<rootDir>/jest-setup.js'],
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.spec.ts?(x)'],
  moduleFileExtensions: ['tsx', 'ts', 'js', 'mjs', 'json'],
  moduleNameMapper: {
    '\\.svg$': '<rootDir>/svg.js',
    '\\.(css|png|woff2?|ttf|eot)$': '<rootDir>/empty.js'
  },
  transform: {
    '\\.[cm]?[jt]sx?$': [
      require.resolve('@swc/jest'),
      {
        sourceMaps: 'inline',
        jsc: {
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: { react: { runtime: 'classic' } },
          target: 'es2022'
        },
        module: { type: 'commonjs' }
      }
    ]
  },
  // Node modules that are plain CommonJS stay untouched; these are ES modules.
  transformIgnorePatterns: [
    '/node_modules/(?!(@jupyterlab|@jupyter|@codemirror|@lezer|@marijn|@microsoft|@rjsf|crelt|style-mod|w3c-keyname|lib0|nanoid|y-protocols|y-websocket|yjs|vscode-ws-jsonrpc|exenv-es6|marker)/)'
  ]
};
