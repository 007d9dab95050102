// Two services on a database of their own, for tools of others to call (.ci/foreign): prints where they are as one line
// of JSON and stays until its standard input ends.
//   node --conditions=heed-source --import ./libs/testing/typescript-hooks.mjs tools/end-to-end/test/world/stand-up.ts
import 'reflect-metadata';
import { acceptInvitation, type Endpoints, HeedClient, signIn } from '@heed/client';
import { contacts } from '@heed/contacts-service';
import { identity } from '@heed/identity-service';
import { newId } from '@heed/kernel';
import { startCluster } from '@heed/testing/cluster';

const cluster = await startCluster([identity, contacts]);
const of = <T>(read: (name: 'identity' | 'contacts') => T) => ({
  identity: read('identity'),
  contacts: read('contacts'),
});
const endpoints = {
  grpc: of((name) => cluster.service(name).grpcTarget),
  http: of((name) => cluster.service(name).httpUrl),
} as Endpoints;
const clients: HeedClient[] = [];
const clientOf = (token?: string) => {
  // Only the two that run are called.
  const rest = Object.fromEntries(
    ['campaigns', 'telephony', 'messaging', 'privacy'].map((name) => [name, endpoints.grpc.identity]),
  );
  const client = new HeedClient({ ...endpoints, grpc: { ...rest, ...endpoints.grpc } }, token);
  clients.push(client);
  return client;
};

const operator = { email: 'operator@heed.example', password: 'sturdy-bridge-12' };
await clientOf().operators.bootstrapOperator({ ...operator, bootstrapSecret: 'bootstrap secret of a spec' });
const asOperator = clientOf((await signIn(endpoints, operator)).accessToken);
const owner = { tenant: 'acme', email: 'owner@acme.example', password: 'orchid-lantern-47' };
const { invitationToken } = await asOperator.tenants.createTenant({
  ...{ requestId: newId(), slug: owner.tenant, name: 'Acme' },
  ...{ ownerEmail: owner.email, ownerName: 'Olga Owner' },
});
await acceptInvitation(endpoints, invitationToken, owner.password);
const { accessToken } = await signIn(endpoints, owner);
const plain = (target: string) => target.replace('dns:///', '');
console.log(
  JSON.stringify({
    grpc: of((name) => plain(endpoints.grpc[name])),
    http: endpoints.http,
    token: accessToken,
  }),
);

process.stdin.resume();
process.stdin.once('end', () => {
  clients.forEach((client) => client.close());
  void cluster.stop().then(() => process.exit(0));
});
