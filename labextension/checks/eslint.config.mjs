import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

export default defineConfig([
  { ignores: ['**/*.js', '**/*.mjs', '**/*.d.ts', 'src/wire.ts'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  { plugins: { jupyter } },
  jupyter.configs.recommended,
  jsxA11y.flatConfigs.recommended,
  hooks.configs.flat['recommended'],
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      curly: 'error',
      eqeqeq: 'error',
      // Lumino's signals take the object beside the method.
      '@typescript-eslint/unbound-method': 'off',
      // The whole page is smaller than what one more request costs.
      'jupyter/prefer-lazy-imports': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Counts stand in messages and keys.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }]
    }
  },
  prettier
]);
