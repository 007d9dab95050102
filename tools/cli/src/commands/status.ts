import { type Command } from 'commander';
import { type ServiceName, SERVICES } from '@heed/contracts';
import { checkHealth } from '@heed/rpc';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';

export function addStatus(heed: Command, context: Context): void {
  const status = heed
    .command('status')
    .description('Asks each service for its health. Exit code 4 where one does not serve.');
  withExample(status, 'heed status').action(async () => {
    const { grpc } = context.endpoints();
    const rows = await Promise.all(SERVICES.map((service) => row(service, grpc[service])));
    context.output.table(rows, ['service', 'state', 'target', 'ms']);
    if (rows.some(({ state }) => state !== 'SERVING')) process.exitCode = EXIT.UNREACHABLE;
  });
}

async function row(service: ServiceName, target: string) {
  const asked = performance.now();
  const state = await checkHealth(target).catch(() => 'NO_ANSWER');
  return { service, state, target, ms: Math.round(performance.now() - asked) };
}
