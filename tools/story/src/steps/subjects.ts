import { type Person } from '../example/example-contacts.js';
import { type Audience, type Cast, type Stage } from '../stage.js';

/** Whom the requests are about: named by the example; of a file of one's own, two people who can be called. */
export async function peopleFor(
  { databases }: Stage,
  { tenantId }: Cast,
  { example }: Audience,
): Promise<{ erased: Person; copied: Person }> {
  if (example) return example;
  const rows = await databases.rows<{ email: string; phone: string; first_name: string; last_name: string }>(
    'contacts',
    `select e.address as email, p.address as phone, coalesce(c.first_name, '') as first_name,
       coalesce(c.last_name, '') as last_name
     from contact c
     join endpoint e on e.tenant_id = c.tenant_id and e.contact_id = c.contact_id and e.channel = 'email'
     join endpoint p on p.tenant_id = c.tenant_id and p.contact_id = c.contact_id and p.channel = 'voice'
     join consent_state s on s.tenant_id = c.tenant_id and s.contact_id = c.contact_id
       and s.channel = 'voice' and s.state = 'granted'
     where c.tenant_id = $1 order by c.contact_id limit 2`,
    [tenantId],
  );
  const people = rows.map((row): Person => ({
    email: row.email,
    phone: row.phone,
    firstName: row.first_name,
    lastName: row.last_name,
  }));
  const [erased, copied] = people;
  if (!erased || !copied) {
    throw new Error('the file needs two people with an email address, a telephone and consent to be called');
  }
  return { erased, copied };
}
