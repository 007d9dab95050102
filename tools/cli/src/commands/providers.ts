import { type Command } from 'commander';
import { messagingV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { time } from '../words.js';

export function addProviders(heed: Command, context: Context): void {
  const providers = heed
    .command('providers')
    .description(
      'Mail providers that say by webhook what became of messages: bounces, complaints, unsubscribes',
    );
  withExample(providers, 'heed providers create relay');
  addWrites(providers, context);
  withExample(
    providers.command('list').description('All of the tenant, without their secrets.'),
    'heed providers list --json',
  ).action(async () => {
    const { providerConnections } = await context.asMember((client) =>
      client.providerConnections.listProviderConnections({}),
    );
    const { output } = context;
    if (output.isJson) {
      output.table(
        providerConnections.map((one) => messagingV1.ProviderConnection.toJSON(one) as object),
        [],
      );
      return;
    }
    output.table(providerConnections.map(rowOf), ['provider', 'name', 'path', 'created', 'old_secret_until']);
  });
}

function addWrites(providers: Command, context: Context): void {
  withExample(
    providers
      .command('create <name>')
      .description(
        'Makes a connection. Prints its secret, which nobody can show again, and where its webhooks go.',
      ),
    'heed providers create relay',
  ).action(async (name: string) => {
    const { providerConnection, secret } = await context.asMember((client) =>
      client.providerConnections.createProviderConnection({ requestId: newId(), name }),
    );
    context.output.record({ ...rowOf(providerConnection!), secret });
  });
  withExample(
    providers
      .command('rotate <provider-id>')
      .description('Gives it another secret, printed once; the one before is good for 24 hours more.'),
    'heed providers rotate 0199...',
  ).action(async (providerConnectionId: string) => {
    const { providerConnection, secret } = await context.asMember((client) =>
      client.providerConnections.rotateProviderSecret({ requestId: newId(), providerConnectionId }),
    );
    context.output.record({ ...rowOf(providerConnection!), secret });
  });
  withExample(
    providers
      .command('delete <provider-id>')
      .description('Believes nothing more that it signs. What it said before stands.'),
    'heed providers delete 0199...',
  ).action(async (providerConnectionId: string) => {
    await context.asMember((client) =>
      client.providerConnections.deleteProviderConnection({ requestId: newId(), providerConnectionId }),
    );
    context.output.record({ deleted: providerConnectionId });
  });
}

function rowOf({
  providerConnectionId: provider,
  name,
  path,
  createdAt,
  previousSecretUntil,
}: messagingV1.ProviderConnection): object {
  return { provider, name, path, created: time(createdAt), old_secret_until: time(previousSecretUntil) };
}
