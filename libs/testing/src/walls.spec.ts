import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The rules that need types are left out: they cost a compilation, and the walls need none. */
const WITHOUT_TYPES = [
  '--parser-options=project:false',
  '--rule=@typescript-eslint/no-floating-promises:off',
  '--rule=@typescript-eslint/no-misused-promises:off',
];

/** What the linter says of a file of this name with this text. */
function lint(file: string, text: string): string[] {
  const run = spawnSync(
    process.execPath,
    [
      'node_modules/eslint/bin/eslint.js',
      '--stdin',
      '--stdin-filename',
      file,
      '--format',
      'json',
      ...WITHOUT_TYPES,
    ],
    {
      cwd: root,
      input: text,
      encoding: 'utf8',
      env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' },
    },
  );
  const [result] = JSON.parse(run.stdout) as { messages: { message: string }[] }[];
  return (result?.messages ?? []).map(({ message }) => message);
}

describe('the walls between modules', () => {
  it('keep a service from importing another, and say what to do instead', () => {
    const said = lint('services/contacts/src/index.ts', "export * from '@heed/campaigns-service';\n");
    expect(said.join('\n')).toContain('subscribe to its events, or call it over gRPC');
  });

  it('keep a lib from importing one above it', () => {
    const said = lint('libs/objects/src/index.ts', "export * from '@heed/rpc';\n");
    expect(said.join('\n')).toContain('can only depend on');
  });

  it('keep Kafka, SQL mappers and the clock of the machine where they belong', () => {
    const said = lint(
      'services/contacts/src/index.ts',
      "import { Kafka } from 'kafkajs';\nimport { DataSource } from 'typeorm';\n" +
        "export const all = [Kafka, DataSource, new Date(), 'select now()'];\n",
    ).join('\n');
    expect(said).toContain('publish through Outbox');
    expect(said).toContain('Queries stand in *.store.ts');
    expect(said).toContain('Time comes from the Clock');
    expect(said).toContain('SQL takes the time as a parameter');
  });
});
