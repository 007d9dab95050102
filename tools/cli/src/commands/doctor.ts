import { type Command } from 'commander';
import { type Context } from '../context.js';
import { examine } from '../doctor/examine.js';
import { type Finding } from '../doctor/finding.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { findKafka, findRun, probeUrls } from '../installation.js';

export function addDoctor(heed: Command, context: Context): void {
  const doctor = heed
    .command('doctor')
    .description(
      'Can this installation keep its promise? Settings, roles, walls, data maps, clocks, topics, keys, versions, health, and what stands still.',
    )
    .option('--production', 'by the measure of production (default where HEED_ENV is production)')
    .option('--all', 'also what is well')
    .addHelpText(
      'after',
      `
Each finding says what it is about, what was found, which promise rests on it (I1 to I9), and its cure. Reads only.
Exit code 1 where there is an error. The promises themselves: heed check`,
    );
  withExample(doctor, 'heed doctor', 'heed doctor --production --json').action(
    async ({ production, all }: { production?: boolean; all?: boolean }) => {
      const run = findRun(context.runFile);
      const findings = await examine({
        databases: probeUrls(context.runFile),
        grpc: context.endpoints().grpc,
        kafka: findKafka(context.runFile),
        nats: process.env['NATS_URL'] ?? run?.nats,
        smtp: process.env['HEED_SMTP_URL'] ?? run?.smtp,
        dataDir: run?.dataDir,
        production: production ?? process.env['HEED_ENV'] === 'production',
      });
      print(findings, all ?? false, context);
      if (findings.some(({ severity }) => severity === 'error')) process.exitCode = EXIT.REFUSED;
    },
  );
}

const ORDER: Finding['severity'][] = ['error', 'warning', 'note', 'ok'];

function print(findings: Finding[], all: boolean, { output }: Context): void {
  const shown = findings
    .filter(({ severity }) => all || output.isJson || severity !== 'ok')
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  if (output.isJson) {
    for (const finding of shown) output.record(finding);
    return;
  }
  for (const { severity, about, found, why, cure } of shown) {
    output.text(`${severity.padEnd(8)} ${about}: ${found}`);
    if (why) output.text(`           why: ${why}`);
    if (cure) output.text(`           do:  ${cure}`);
  }
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  output.text(
    `${findings.length} things looked at: ${count('error')} errors, ${count('warning')} warnings, ${count('note')} notes`,
  );
}
