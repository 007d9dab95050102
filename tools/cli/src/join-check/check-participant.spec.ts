import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Hands } from './check.js';
import { checkParticipant, handsOf, type Verdict } from './run-check.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** One line of the example, and what it is in one that is not to be trusted. */
interface Spoilt {
  file: string;
  from: string;
  to: string;
}

describe('heed join check', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** The example as it is, or spoilt: a copy, beside the same packages and contracts. */
  function copy(spoilt: readonly Spoilt[] = []): { folder: string; script: string; env: string } {
    mkdirSync(join(root, '.heed'), { recursive: true });
    const folder = mkdtempSync(join(root, '.heed/join-'));
    folders.push(folder);
    cpSync(join(root, 'examples/join'), folder, { recursive: true });
    for (const { file, from, to } of spoilt) {
      const text = readFileSync(join(folder, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not say any more: ${from}`);
      writeFileSync(join(folder, file), text.replace(from, to));
    }
    const env = `NODE_NO_WARNINGS=1 LOYALTY_DB='${folder}/loyalty.db' LOYALTY_KEY='${folder}/loyalty.pem'`;
    return { folder, env, script: `'${process.execPath}' '${folder}/loyalty.mjs'` };
  }

  async function checked(spoilt: readonly Spoilt[], hands?: (command: string) => Hands): Promise<Verdict[]> {
    const { folder, env, script } = copy(spoilt);
    const key = execFileSync('sh', ['-c', `${env} ${script} key`], { encoding: 'utf8' }).trim();
    const file = new DatabaseSync(join(folder, 'loyalty.db'));
    try {
      return await checkParticipant({
        ...{ name: 'loyalty', publicKey: Buffer.from(key, 'base64'), listen: '127.0.0.1:0' },
        ...{ start: `exec env ${env} ${script}`, patienceMs: 60_000, ready: () => undefined },
        hands: hands?.(`${env} ${script}`) ?? handsIn(file),
      });
    } finally {
      file.close();
    }
  }

  const faults = (verdicts: readonly Verdict[]): string[] =>
    verdicts.filter(({ fault }) => fault !== '').map(({ check, fault }) => `${check}: ${fault}`);

  it('finds nothing wrong with the example, reached into by its own commands', async () => {
    const verdicts = await checked([], (command) =>
      handsOf({
        plant: `${command} join $TENANT $SUBJECT $EMAIL`,
        look: `${command} count $TENANT $SUBJECT $EMAIL`,
        change: `${command} earn $TENANT $SUBJECT 1`,
      }),
    );
    expect(faults(verdicts)).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(21);
    // Each command of its hands is a process of its own.
  }, 300_000);

  it.each([
    [
      'obeys whoever signs',
      [
        {
          file: 'answer-orders.mjs',
          from: "if (orders.key_id !== keyIdOf(me.ordersKey)) throw new Refused('signed by another key');",
          to: 'void keyIdOf;',
        },
        {
          file: 'answer-orders.mjs',
          from: 'if (!isSigned(',
          to: 'if (false && !isSigned(',
        },
      ],
      '6.1 does not obey orders that are signed by another key: has answered them',
    ],
    [
      'obeys what was turned to another tenant',
      [
        {
          file: 'answer-orders.mjs',
          from: 'if (batch.tenant_id !== tenantId)',
          to: 'if (batch.tenant_id === "")',
        },
      ],
      '6.1 does not obey orders that were turned to another tenant: has answered them',
    ],
    [
      'obeys old orders',
      [{ file: 'answer-orders.mjs', from: 'batch.orders.some(isStale)', to: 'batch.orders.length === 0' }],
      '6.1 does not obey orders that are older than what it has carried out: has answered them',
    ],
    [
      'answers twice, differently',
      [
        { file: 'answer-orders.mjs', from: 'if (answer) return answer;', to: '' },
        { file: 'store.mjs', from: 'insert into answered', to: 'insert or replace into answered' },
      ],
      'answers the very same batch again with the very same receipt: has signed two different receipts for one batch',
    ],
    [
      'says "clean" without a look',
      [{ file: 'answer-orders.mjs', from: 'return found > 0 ?', to: 'return found < 0 ?' }],
      '6.4 finds who is there: a probe that says "clean" of a person who is held is a lie: its probe does not find a person who is there',
    ],
    [
      'keeps the row and says that it is gone',
      [
        {
          file: 'store.mjs',
          from: 'delete from member where tenant_id = ? and contact_id = ?',
          to: 'update member set restricted = restricted where tenant_id = ? and contact_id = ?',
        },
      ],
      'erases somebody whom it holds, and says how much: says that it has erased a person who is still there',
    ],
    [
      'takes in who was erased',
      [
        {
          file: 'store.mjs',
          from: 'begin select raise',
          to: 'begin select 1; select 1 where false and raise',
        },
      ],
      '5.2 lets nobody who was erased come in again: takes in a person who was erased',
    ],
    [
      'changes who is restricted',
      [{ file: 'store.mjs', from: 'when old.restricted = 1', to: 'when old.restricted = 3' }],
      'keeps whoever is restricted as they are, and says so: lets what is restricted be changed',
    ],
    [
      'goes on restricting after it was lifted',
      [{ file: 'store.mjs', from: 'this.run(sql, isOn ? 1 : 0, tenantId', to: 'this.run(sql, 1, tenantId' }],
      'lets them be changed again once the restriction is lifted: lets nothing be changed although it was lifted',
    ],
    [
      'corrects nothing and says so',
      [
        {
          file: 'store.mjs',
          from: 'update member set email = ? where',
          to: 'update member set email = case when ? is null then email else email end where',
        },
      ],
      'corrects what it holds of a person, asks for it by the handle, and says how much: says that it has corrected what still says the old',
    ],
    [
      'does not look for what a correction has missed',
      [
        {
          file: 'answer-orders.mjs',
          from: 'store.countAt(tenantId, ids, previous)',
          to: 'previous.length * 0',
        },
      ],
      'finds what was not corrected: a probe that says "clean" of it is a lie: its probe does not find the old value',
    ],
    [
      'uses one salt for all',
      [
        {
          file: 'forms.mjs',
          from: 'newSalt = () => randomBytes(32)',
          to: 'newSalt = () => Buffer.alloc(32, randomBytes(1)[0] % 1)',
        },
      ],
      'answers a batch of 500, each order by itself, each with a salt of its own: uses a salt twice',
    ],
    [
      'goes on past what is missing',
      [{ file: 'loyalty.mjs', from: 'delivered.position !== store.cursor + 1', to: 'false' }],
      'pulls anew where a position is missing, and answers in order: has gone on past what was missing',
    ],
  ] satisfies [string, Spoilt[], string][])('finds out one that %s', async (_, spoilt, fault) => {
    expect(faults(await checked(spoilt))).toContain(fault);
  });
});

/** As quick as the file itself. */
function handsIn(file: DatabaseSync): Hands {
  file.exec('pragma busy_timeout = 30000');
  return {
    plant(tenantId, subjectId, email) {
      try {
        const columns = 'tenant_id, contact_id, email, points';
        file.prepare(`insert into member (${columns}) values (?, ?, ?, 100)`).run(tenantId, subjectId, email);
        return true;
      } catch {
        return false;
      }
    },
    change(tenantId, subjectId) {
      try {
        file
          .prepare('update member set points = points + 1 where tenant_id = ? and contact_id = ?')
          .run(tenantId, subjectId);
        return true;
      } catch {
        return false;
      }
    },
    look(tenantId, subjectId, email) {
      const sql = 'select count(*) as n from member where tenant_id = ? and (contact_id = ? or email = ?)';
      return Number(file.prepare(sql).get(tenantId, subjectId, email)!['n']);
    },
  };
}
