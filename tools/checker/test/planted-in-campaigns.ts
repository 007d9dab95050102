import { newId } from '@heed/kernel';

const [tenant, campaign, contact, id] = [newId(), newId(), newId(), newId()];
const at = `'2031-11-27T09:00Z'`;

/** What refuses each of them in a database that nobody has tampered with: constraints and unique keys. */
export const unguarded = `
  do $$ declare it record; begin
    for it in select conrelid::regclass as relation, conname from pg_constraint
      where contype in ('c', 'u', 'f') and conparentid = 0 and conrelid in
        ('intent'::regclass, 'campaign'::regclass, 'campaign_ledger'::regclass, 'campaign_step'::regclass,
         'campaign_step_ledger'::regclass, 'step_edit'::regclass)
      order by contype
    loop execute format('alter table %s drop constraint %I cascade', it.relation, it.conname); end loop;
    for it in select indexrelid::regclass as name from pg_index
      where indisunique and not indisprimary and indrelid in ('intent'::regclass, 'campaign'::regclass)
    loop execute format('drop index %s', it.name); end loop;
  end $$;`;

/** All that is planted. */
export const clean =
  'truncate intent, campaign, campaign_ledger, campaign_step, campaign_step_ledger, step_edit cascade';

/** A campaign of two steps that reached one person by its first, and balances. */
export const balanced = `
  insert into campaign (tenant_id, campaign_id, name, list_id, template_id, channel, purpose, rate_per_second,
    audience_limit, state, created_at, started_at, finished_at)
  values ('${tenant}', '${campaign}', 'Autumn', '${id}', '${id}', 'email', 'news', 1, 0, 'completed', ${at}, ${at}, ${at});
  insert into campaign_step (tenant_id, campaign_id, step, channel, template_id, rate_per_second, follows, outcomes, reasons,
    delay_seconds)
  values ('${tenant}', '${campaign}', 1, 'email', '${id}', 1, null, '{}', '{}', 0),
    ('${tenant}', '${campaign}', 2, 'voice', '${id}', 1, 1, '{failed}', '{}', 0);
  insert into campaign_ledger (tenant_id, campaign_id, audience, sent, ended, changed_at)
  values ('${tenant}', '${campaign}', 1, 1, true, ${at});
  insert into campaign_step_ledger (tenant_id, campaign_id, step, audience, sent, handed_out_at, paced_at)
  values ('${tenant}', '${campaign}', 1, 1, 1, ${at}, ${at}), ('${tenant}', '${campaign}', 2, 0, 0, null, ${at});
  insert into intent (tenant_id, campaign_id, step, ordinal, intent_id, contact_id, channel, try, state, outcome, updated_at)
  values ('${tenant}', '${campaign}', 1, 1, '${newId()}', '${contact}', 'email', 1, 'concluded', 'sent', ${at})`;

const again = (change: string): string => `
  insert into intent (tenant_id, campaign_id, step, ordinal, intent_id, contact_id, channel, try, state, outcome, updated_at)
  values ${change}`;
const edit = `insert into step_edit (tenant_id, campaign_id, step, revision, actor_id, fields, template_before, edited_at)
  values ('${tenant}', '${campaign}', 1, 1, 'ada', '{template_id}', '${id}', '2031-11-27T09:01Z')`;

/** What is planted, and what `heed check` says of it. */
export const campaignFaults: [what: string, sql: string, says: string][] = [
  [
    'a ledger that does not add up',
    `update campaign_ledger set audience = 2`,
    'the equation does not hold: audience = sent + skipped + failed + unknown + open',
  ],
  [
    'a campaign that ended with something open',
    `update campaign_ledger set open = 1`,
    'a campaign has ended with intents open',
  ],
  [
    'an intent that the ledger does not know',
    again(
      `('${tenant}', '${campaign}', 1, 2, '${newId()}', '${id}', 'email', 1, 'concluded', 'sent', ${at})`,
    ),
    'a ledger does not count the intents that are there',
  ],
  [
    'steps that count other people than their campaign',
    `update campaign_step_ledger set sent = 0, failed = 1 where step = 1`,
    'the ledgers of the steps do not add up to that of their campaign',
  ],
  [
    'a step that counts somebody who is not there',
    `update campaign_step_ledger set audience = 1, sent = 1 where step = 2`,
    'a step does not count the intents that are there',
  ],
  [
    'somebody in a step whose end they never had',
    again(
      `('${tenant}', '${campaign}', 2, 2, '${newId()}', '${id}', 'voice', 1, 'concluded', 'sent', ${at})`,
    ),
    'somebody was planned for a step without the end that it follows',
  ],
  [
    'a start hours after its time',
    `update campaign set start_at = started_at - interval '3 hours'`,
    'a campaign began more than 5 minutes after its time, and nobody confirmed that it still should',
  ],
  [
    'somebody called after a bounce that never came',
    `${again(`('${tenant}', '${campaign}', 2, 2, '${newId()}', '${contact}', 'voice', 1, 'concluded', 'sent', ${at})`)};
     update campaign_step set outcomes = '{}', bounced_within_seconds = 60 where step = 2`,
    'somebody was planned for a step that follows what bounced, and nothing had come back',
  ],
  [
    'somebody planned twice',
    again(
      `('${tenant}', '${campaign}', 1, 2, '${newId()}', '${contact}', 'email', 1, 'concluded', 'sent', ${at})`,
    ),
    'somebody was planned twice for one step',
  ],
  [
    'a text that was changed after it had reached somebody',
    edit,
    'a step was changed after it had reached somebody',
  ],
  [
    'a step that skipped for no reason',
    `update campaign_step_ledger set sent = 0, skipped = 1 where step = 1`,
    'skips of a step by reason do not add up to the skips',
  ],
  [
    'a campaign that skipped for no reason',
    `update campaign_ledger set sent = 0, skipped = 1`,
    'skips by reason do not add up to the skips',
  ],
];
