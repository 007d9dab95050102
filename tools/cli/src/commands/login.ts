import { type Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { signIn } from '@heed/client';
import { DomainError } from '@heed/kernel';
import { withExample } from '../help.js';
import { expiryOf, type Context } from '../context.js';
import { forgetSession, saveSession } from '../session-file.js';

export function addLogin(heed: Command, context: Context): void {
  heed
    .command('login')
    .description('Signs in and keeps the session. The password is read from HEED_PASSWORD or asked for.')
    .option('--tenant <slug>', 'short name of the tenant; without it the operator signs in')
    .requiredOption('--email <address>', 'address of the account')
    .addHelpText(
      'after',
      `
Example: HEED_PASSWORD=... heed login --tenant acme --email olga@acme.example
         HEED_PASSWORD=... heed login --email operator@heed.example`,
    )
    .action(async ({ tenant, email }: { tenant?: string; email: string }) => {
      const who = { ...(tenant !== undefined && { tenant }), email };
      const session = await signIn(context.endpoints(), { ...who, password: await password() });
      const kept = { ...session, expiresAt: expiryOf(session.expiresIn) };
      const file = saveSession({ ...kept, ...(tenant !== undefined && { tenant }) });
      context.output.record({ ...who, session: file });
    });
  const logout = heed.command('logout').description('Ends the session, here and at the service.');
  withExample(logout, 'heed logout').action(async () => {
    await context.asMember((client) => client.http('identity', { method: 'DELETE', path: '/v1/sessions' }));
    forgetSession();
    context.output.text('signed out');
  });
}

async function password(): Promise<string> {
  const given = process.env['HEED_PASSWORD'];
  if (given) return given;
  if (!process.stdin.isTTY) {
    throw new DomainError('PASSWORD_MISSING', 'invalid-argument', { message: 'set HEED_PASSWORD' });
  }
  // The prompt goes to the terminal; what is typed must not, so the line editor writes to nothing.
  process.stderr.write('Password: ');
  const lines = createInterface({ input: process.stdin, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
