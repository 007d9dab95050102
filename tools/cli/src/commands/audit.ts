import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command } from 'commander';
import { contactsV1, privacyV1 } from '@heed/contracts';
import { isDomainError } from '@heed/kernel';
import { readVerifierKey, verifyAudit, type VerifiedAudit } from '@heed/verifier';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { noSuchFile } from '../files.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { time } from '../words.js';

interface ListOptions {
  subject: string;
  actor: string;
  action: string;
  service: string;
  after: string;
  before: string;
  limit: number;
}

export function addAudit(heed: Command, context: Context): void {
  const audit = heed
    .command('audit')
    .description('Who saw, did and exported what, and proof that it stands as written');
  withExample(audit, 'heed audit list --subject 0199...');
  addList(audit, context);
  addChanges(audit, context);
  const exporting = audit
    .command('export')
    .description('Writes the whole audit log of the tenant to a file that can be verified offline.')
    .option('--out <file>', 'where to write it', 'audit.jsonl');
  withExample(exporting, 'heed audit export --out audit.jsonl').action(async ({ out }: { out: string }) => {
    const vkey = await context.asMember(async (client) => {
      const chunks = client.audit.exportAuditLog({});
      await pipeline(Readable.from(bytesOf(chunks)), createWriteStream(out, { mode: 0o600 }));
      return (await client.log.getCheckpoint({})).vkey;
    });
    context.output.record({ file: out, log_key: vkey });
  });
  audit
    .command('verify <file>')
    .description('Verifies an exported audit log offline: no service runs, nothing is fetched.')
    .requiredOption('--key <vkey>', "the log's verifier key; it must come by another way than the file")
    .addHelpText(
      'after',
      `
Proves that no entry was changed, taken out or put in since the log committed to it. Entries behind the last proof are
chained to those before, and not anchored yet. The format: docs/certificate.md, "The audit log".

Example: heed audit verify audit.jsonl --key 'heed.example/log+1a2b3c4d+A...'`,
    )
    .action(async (file: string, { key }: { key: string }) => {
      const verified = await verify(file, key);
      if (!verified) return;
      const { log, anchoredAt, ...rest } = verified;
      context.output.text(`verified: ${file}`);
      context.output.record({ ...rest, anchored_at: anchoredAt, log: log.origin, log_size: log.size });
    });
}

function addList(audit: Command, context: Context): void {
  const list = audit
    .command('list')
    .description('Entries, newest first.')
    .option('--subject <id>', 'about this contact, member, campaign or whatever it was done to', '')
    .option('--actor <id>', 'by this member, API key or service', '')
    .option('--action <rpc>', 'of this kind: the full name of an RPC', '')
    .option('--service <name>', 'told by this service', '')
    .option('--after <time>', 'at this time or later (RFC 3339)', '')
    .option('--before <time>', 'before this time (RFC 3339)', '')
    .option(...LIMIT);
  withExample(
    list,
    'heed audit list --subject 0199...',
    'heed audit list --action /heed.contacts.v1.ContactsService/RevealContact --after 2026-11-01T00:00:00Z',
  ).action(async ({ limit, subject, after, before, ...filter }: ListOptions) => {
    const entries = await context.asMember((client) =>
      upTo(limit, async (ask) => {
        const answer = await client.audit.listAuditEntries({
          ...ask,
          ...{ action: filter.action, service: filter.service },
          ...{ subjectId: subject, actorId: filter.actor, atAfter: after, atBefore: before },
        });
        return { rows: answer.entries, next: answer.nextPageToken };
      }),
    );
    context.output.list(entries, {
      json: privacyV1.AuditEntry.toJSON,
      row: ({ at, actorId, action, subjectId, service }) => ({
        ...{ at: time(at), actor: actorId, action, subject: subjectId, service },
      }),
      columns: ['at', 'actor', 'action', 'subject', 'service'],
    });
  });
}

function addChanges(audit: Command, context: Context): void {
  const changes = audit
    .command('changes')
    .description(
      'What members changed of the rules of contact and of sign-up forms, newest first; --json: from what, to what.',
    )
    .option(...LIMIT);
  withExample(changes, 'heed audit changes --json').action(async ({ limit }: { limit: number }) => {
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const answer = await client.changes.listChanges(page);
        return { rows: answer.changes, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: contactsV1.Change.toJSON,
      row: ({ at, actorId, action, aboutId }) => ({ at: time(at), actor: actorId, action, about: aboutId }),
      columns: ['at', 'actor', 'action', 'about'],
    });
  });
}

async function* bytesOf(
  answers: AsyncIterable<privacyV1.ExportAuditLogResponse>,
): AsyncGenerator<Uint8Array> {
  for await (const { chunk } of answers) yield chunk;
}

/** Undefined where it does not hold: that is the answer to the question (exit code 1), not a wrong command line. */
async function verify(file: string, key: string): Promise<VerifiedAudit | undefined> {
  readVerifierKey(key);
  try {
    return await verifyAudit(createInterface({ input: createReadStream(file), crlfDelay: Infinity }), key);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw noSuchFile(file);
    if (!isDomainError(error)) throw error;
    process.stderr.write(`not verified: ${error.reason}: ${error.message}\n`);
    process.exitCode = EXIT.REFUSED;
    return undefined;
  }
}
