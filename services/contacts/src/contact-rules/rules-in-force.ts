import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { type ContactRules, NO_RULES } from './contact-rules.js';
import { contactRules } from './contact-rules.store.js';

const MOST_TENANTS = 1_000;

/**
 * A guess at the rules of tenants that saves the question for them: the statement that issues says whether it was right,
 * and issues nothing where it was not. So nobody has to be told of a change, and no change is overlooked.
 */
@Injectable()
export class RulesInForce {
  private readonly known = new Map<string, ContactRules>();

  guess({ tenantId }: Tx): ContactRules {
    return this.known.get(tenantId) ?? NO_RULES;
  }

  async reload(tx: Tx): Promise<ContactRules> {
    const rules = await contactRules(tx);
    const { tenantId } = tx;
    this.known.delete(tenantId);
    if (rules.version > 0) this.known.set(tenantId, rules);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_TENANTS) this.known.delete(oldest!);
    return rules;
  }
}
