// Type-checked lint, and the table of who may import whom (CONTRIBUTING, "Folders").
import tseslint from 'typescript-eslint';

/** Import specifiers that a folder must not use; tests may import anything. */
const forbid = (patterns, message) => ({ group: patterns, message });
const STAGES = ['source', 'chunk', 'embed', 'store', 'search', 'analysis'];
const only = (files, patterns) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });

const engineBase = [
  forbid(['vscode'], 'The engine is plain Node.'),
  forbid(['**/host/**', '**/webview/**', '**/cli/**'], 'The engine knows none of its users.'),
];
const notUndici = forbid(['undici'], 'Only engine/embed talks to the network.');
const notVectra = forbid(['vectra'], 'Only engine/store knows vectra.');
const notOnnx = forbid(['onnxruntime-*', '@huggingface/*'], 'Only engine/embed/local runs models.');

export default tseslint.config(
  {
    ignores: [
      'dist',
      'out',
      'node_modules',
      'media/models',
      '.vscode-test',
      'test/fixtures',
      '**/*.mjs',
      'media/example',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'src/webview/tsconfig.json', 'test/webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-definitions': 'off', // maps of the protocol are types, records are interfaces
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  only(
    ['src/engine/model.ts', 'src/engine/errors.ts', 'src/engine/cjk.ts'],
    [forbid(['*'], 'model and errors import nothing.')],
  ),
  ...STAGES.map((stage, i) =>
    only(
      [`src/engine/${stage}/**`],
      [
        ...engineBase,
        forbid(
          STAGES.filter((other, j) => j !== i && !(stage === 'analysis' && other === 'search')).map(
            (other) => `**/${other}/**`,
          ),
          'A stage knows only model.ts, errors.ts, cjk.ts and itself; the analysis also the search.',
        ),
        forbid(['**/protocol/**'], 'Stages are below the protocol.'),
        ...(stage === 'embed'
          ? [notVectra]
          : stage === 'store'
            ? [notUndici, notOnnx]
            : [notUndici, notVectra, notOnnx]),
      ],
    ),
  ),
  only(
    ['src/engine/matrix/**'],
    [
      ...engineBase,
      forbid(
        STAGES.map((stage) => `**/${stage}/**`),
        'The matrix is below the stages.',
      ),
      notUndici,
      notVectra,
    ],
  ),
  only(['src/engine/*.ts'], [...engineBase, notUndici, notVectra, notOnnx]),
  only(['src/webview/**'], [forbid(['vscode', 'node:*', '**/host/**', '**/cli/**'], 'The webview runs in a browser.')]),
  only(['src/cli/**'], [forbid(['vscode', '**/host/**', '**/webview/**'], 'The CLI uses the engine alone.')]),
  only(['src/host/**'], [forbid(['**/cli/**', '**/webview/**'], 'The host uses the engine and the protocol.')]),
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: ['it', 'describe'], package: 'mocha' }] },
      ],
    },
  },
);
