import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const ALL = ['base', 'tensor', 'policy', 'math', 'tasks', 'method', 'storage', 'session', 'protocol', 'charts', 'notebook', 'cli'];
/** What each layer may import, besides itself. */
const MAY_IMPORT = {
  base: [],
  tensor: ['base'],
  policy: ['base', 'tensor'],
  math: ['base'],
  tasks: ['base', 'policy', 'math'],
  // An objective is written in symbolic tensors.
  method: ['base', 'tensor', 'policy', 'math', 'tasks'],
  storage: ['base', 'policy', 'tasks', 'method'],
  // The shapes of stored runs are part of what the page is told.
  protocol: ['base', 'policy', 'tasks', 'method', 'storage'],
  session: ['base', 'tensor', 'policy', 'math', 'tasks', 'method', 'storage', 'protocol'],
  charts: [],
  notebook: ['base', 'policy', 'math', 'tasks', 'method', 'storage', 'protocol', 'charts'],
  cli: ['base', 'tensor', 'policy', 'math', 'tasks', 'method'],
};
const LAYERS = Object.fromEntries(
  Object.entries(MAY_IMPORT).map(([layer, allowed]) => [layer, ALL.filter((other) => other !== layer && !allowed.includes(other))]),
);
const layerRules = Object.entries(LAYERS).map(([layer, forbidden]) => ({
  files: [`src/${layer}/**/*.{ts,svelte}`],
  ignores: ['**/*.test.ts', '**/testing/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${forbidden.join('|')}|workers)(/|$)`,
            message: `src/${layer} does not know this layer: arrows go one way.`,
          },
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ['dist/', '.cache/', 'static-models/', 'data/', 'runs/', 'test-results/', 'playwright-report/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,svelte}'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.core.json', './tsconfig.worker.json', './tsconfig.page.json', './tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
  },
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived'] }],
      // Series live in plain collections behind $state.raw, on purpose.
      'svelte/prefer-svelte-reactivity': 'off',
      // The types of a template's expressions are svelte-check's to know.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      // The compiler knows names and their types better.
      'no-undef': 'off',
      // Private-use marks between passes of a normaliser.
      'no-control-regex': 'off',
    },
  },
  {
    files: ['**/*.{ts,svelte}'],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An abort signal's reason is thrown as it is.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/unbound-method': 'off',
      // Interfaces are asynchronous where an implementation need not be.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      // Parsed JSON and values that come out of the page.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  ...layerRules,
);
