import { type Command } from 'commander';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isDomainError } from '@heed/kernel';
import { readVerifierKey, verifyCertificate, type VerifiedCertificate } from '@heed/verifier';
import { certificatePage } from '../certificate-page.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { readGiven } from '../files.js';
import { withExample } from '../help.js';

export function addCertificate(heed: Command, context: Context): void {
  const certificate = heed.command('certificate').description('Proof that a request was carried out');
  withExample(certificate, "heed certificate verify FILE --key 'heed.example/log+1a2b3c4d+A...'");
  const get = certificate
    .command('get <request-id>')
    .description('Fetches the certificate of a completed request.')
    .option('--out <file>', 'where to write it (default: <request-id>.certificate.json)');
  withExample(get, 'heed certificate get 0199... --out erasure.certificate.json').action(
    async (requestId: string, { out }: { out?: string }) => {
      const file = out ?? `${requestId}.certificate.json`;
      const [answer, log] = await context.asMember((client) =>
        Promise.all([client.requests.getCertificate({ requestId }), client.log.getCheckpoint({})]),
      );
      writeFileSync(file, answer.certificate, { mode: 0o600 });
      context.output.record({ file, bytes: answer.certificate.length, log_key: log.vkey });
    },
  );
  certificate
    .command('verify <file>')
    .description('Verifies a certificate offline: no service runs, nothing is fetched.')
    .requiredOption('--key <vkey>', "the log's verifier key; it must come by another way than the file")
    .option(
      '--witness <vkey>',
      'a witness whose cosignature must be there, too; may be given again',
      also,
      [],
    )
    .addHelpText(
      'after',
      `
Proves who said what, unaltered: every declared store answered, signed, in a log that the key signed.
It does not prove that no copy exists anywhere. The format: docs/certificate.md
Without Heed: tools/verifier/verify-certificate.mjs, one file that Node alone runs.

Example: heed certificate verify 0199....certificate.json --key 'heed.example/log+1a2b3c4d+A...'`,
    )
    .action((file: string, { key, witness }: { key: string; witness: string[] }) => {
      const verified = verify(file, key, witness);
      if (!verified) return;
      const { claims, log, receipts, probes } = verified;
      context.output.text(`verified: ${file}`);
      const sweep = claims.sweep && { sweep: claims.sweep.state.toLowerCase() };
      context.output.record({
        log: log.origin,
        log_size: log.size,
        receipts,
        probes,
        ...sweep,
        ...flat(claims),
        ...(claims.not_asked && { not_asked: claims.not_asked.join(' ') }),
      });
    });
  addPage(certificate, context);
}

function addPage(certificate: Command, context: Context): void {
  const page = certificate
    .command('page <file>')
    .description(
      'Makes a page for people of a certificate, to read and to print. Verifies it first, offline.',
    )
    .requiredOption('--key <vkey>', "the log's verifier key; it must come by another way than the file")
    .option('--out <file>', 'where to write it (default: the same name with .html)');
  withExample(
    page,
    "heed certificate page 0199....certificate.json --key 'heed.example/log+1a2b3c4d+A...'",
  ).action(
    (file: string, { key, out = `${file.replace(/\.json$/, '')}.html` }: { key: string; out?: string }) => {
      const verified = verify(file, key);
      if (!verified) return;
      const sha256 = createHash('sha256').update(readGiven(file)).digest('hex');
      writeFileSync(out, certificatePage(verified, { name: basename(file), sha256, vkey: key }), {
        mode: 0o600,
      });
      context.output.record({ file: out });
    },
  );
}

/** Undefined where it does not hold: that is the answer to the question (exit code 1), not a wrong command line. */
function verify(
  file: string,
  key: string,
  witnesses: readonly string[] = [],
): VerifiedCertificate | undefined {
  // A key or file that cannot be read is a wrong command line, and is said before anything is verified.
  readVerifierKey(key);
  const bytes = readGiven(file);
  try {
    return verifyCertificate(bytes, key, witnesses);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    process.stderr.write(`not verified: ${error.reason}: ${error.message}\n`);
    process.exitCode = EXIT.REFUSED;
    return undefined;
  }
}

function also(next: string, before: string[]): string[] {
  return [...before, next];
}

/** The readable part without its lists, which would fill the screen; they are in the file. */
function flat(claims: object): object {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => typeof value !== 'object'));
}
