import page from '../checks/eslint.config.mjs';

export default [
  ...page,
  {
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      // Fixtures without a dependency are written so.
      'no-empty-pattern': 'off',
      // Playwright's `use` is no hook.
      'react-hooks/rules-of-hooks': 'off'
    }
  }
];
