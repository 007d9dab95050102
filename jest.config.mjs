// ESM throughout: Nest 12 is ESM-only. Workspaces resolve to their sources by the `heed-source` condition,
// so tests run without a build.
export default {
  testEnvironment: 'node',
  // For a busy machine: services start and stop in hooks, on databases that are made there. What a spec waits for it
  // waits for by itself; one that waits for what never comes still ends.
  testTimeout: 120_000,
  testEnvironmentOptions: { customExportConditions: ['heed-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  // Sources are imported by the names that they will have. `x.json.js` is a module of a package, not the JSON beside it.
  moduleNameMapper: { '^(\\.{1,2}/.*)(?<!\\.json)\\.js$': '$1' },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testMatch: ['<rootDir>/{libs,services,tools}/*/{src,test}/**/*.spec.ts', '<rootDir>/bench/*.spec.ts'],
  modulePathIgnorePatterns: ['/dist/', '/\\.heed/', '/\\.nx/'],
  globalSetup: '<rootDir>/libs/testing/global-setup.mjs',
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: ['<rootDir>/libs/testing/keep-logs.mjs'],
  reporters: ['default', '<rootDir>/libs/testing/name-kept-logs.mjs'],
};
