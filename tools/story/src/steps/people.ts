import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptInvitation, HeedClient, keptSession, signIn } from '@heed/client';
import { newId } from '@heed/kernel';
import { type Cast, type Stage } from '../stage.js';

interface Operator {
  email: string;
  password: string;
}

/** Step 1: an operator founds a tenant, whose owner invites three colleagues. */
export async function foundTenant(stage: Stage, slug: string): Promise<Cast> {
  const asOperator = await signInOperator(stage);
  try {
    const ownerEmail = `olga.owner@${slug}.example`;
    const { tenant, invitationToken } = await asOperator.tenants.createTenant({
      requestId: newId(),
      slug,
      name: 'Acme Outreach Ltd',
      ownerEmail,
      ownerName: 'Olga Owner',
    });
    const owner = await becomeMember(stage, slug, ownerEmail, invitationToken);
    const invited = async (name: string, role: string): Promise<HeedClient> => {
      const email = `${name.toLowerCase().replace(' ', '.')}@${slug}.example`;
      const { invitationToken: token } = await owner.members.inviteMember({
        requestId: newId(),
        email,
        name,
        roles: [role],
      });
      return becomeMember(stage, slug, email, token);
    };
    const [manager, officer, agent] = await Promise.all([
      invited('Mara Manager', 'campaign_manager'),
      invited('Otto Officer', 'compliance_officer'),
      invited('Aki Agent', 'agent'),
    ]);
    return { tenantId: tenant!.tenantId, slug, owner, manager, officer, agent };
  } finally {
    asOperator.close();
  }
}

export async function signInOperator(stage: Stage): Promise<HeedClient> {
  const { endpoints } = stage;
  const session = await signIn(endpoints, await operator(stage));
  return new HeedClient(endpoints, keptSession(endpoints, session));
}

/** The installation's operator: bootstrapped by the first story on this data folder, and known to the later ones. */
async function operator({ cluster, endpoints }: Stage): Promise<Operator> {
  const file = join(cluster.dataDir, 'keys', 'operator.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Operator;
  const made: Operator = { email: 'operator@heed.example', password: randomBytes(18).toString('base64url') };
  const anybody = new HeedClient(endpoints);
  try {
    await anybody.operators.bootstrapOperator({ ...made, bootstrapSecret: cluster.bootstrapSecret });
  } finally {
    anybody.close();
  }
  writeFileSync(file, `${JSON.stringify(made)}\n`, { mode: 0o600 });
  return made;
}

/** Accepts an invitation with a password of one's own and signs in with it. */
async function becomeMember(
  { endpoints, folder }: Stage,
  tenant: string,
  email: string,
  invitation: string,
): Promise<HeedClient> {
  const password = randomBytes(18).toString('base64url');
  await acceptInvitation(endpoints, invitation, password);
  const session = await signIn(endpoints, { tenant, email, password });
  // Whoever looks around afterwards signs in with these (`heed login`).
  writeFileSync(join(folder, 'members.txt'), `${email} ${password}\n`, { mode: 0o600, flag: 'a' });
  return new HeedClient(endpoints, keptSession(endpoints, session));
}
