import { type Right } from './request.js';

/** LAW: the grounds on which a request may be refused, in words that stand in a mail. */
export const GROUNDS = {
  identity_not_proved: 'we could not make sure that it comes from you (GDPR Art. 12(6))',
  manifestly_unfounded: 'it is manifestly unfounded (GDPR Art. 12(5))',
  excessive: 'it is excessive, because it has been made again and again (GDPR Art. 12(5))',
  not_controller: 'we do not decide about these data: whoever does must be asked',
  freedom_of_expression: 'the data serve the freedom of expression and information (GDPR Art. 17(3)(a))',
  legal_obligation: 'a law obliges us to keep the data (GDPR Art. 17(3)(b))',
  public_health: 'the data are needed for public health (GDPR Art. 17(3)(c))',
  archiving_research: 'the data are needed for archives, research or statistics (GDPR Art. 17(3)(d))',
  legal_claims: 'the data are needed for legal claims (GDPR Art. 17(3)(e))',
  rights_of_others: 'a copy would harm the rights of others (GDPR Art. 15(4))',
} as const;
export type Ground = keyof typeof GROUNDS;

const OF_EVERY_RIGHT: readonly string[] = [
  ...['identity_not_proved', 'manifestly_unfounded', 'excessive', 'not_controller'],
];
const OF_A_RIGHT: Partial<Record<Right, readonly string[]>> = {
  ERASURE: [
    ...['freedom_of_expression', 'legal_obligation', 'public_health', 'archiving_research', 'legal_claims'],
  ],
  ACCESS: ['rights_of_others'],
};

/** Whether the law knows this ground against a request of this right. */
export function mayRefuse(right: Right, ground: string): boolean {
  return OF_EVERY_RIGHT.includes(ground) || (OF_A_RIGHT[right] ?? []).includes(ground);
}

/** What a mail says of it; empty where nothing was refused. */
export function groundInWords(ground: string | null): string {
  return ground !== null && Object.hasOwn(GROUNDS, ground) ? GROUNDS[ground as Ground] : '';
}
