/** LAW: why somebody's data may be kept although they want them erased, in words that stand in a mail. */
export const HOLD_GROUNDS = {
  legal_claims: 'the data are needed for legal claims (GDPR Art. 17(3)(e))',
  legal_obligation: 'a law obliges us to keep the data (GDPR Art. 17(3)(b))',
  authority: 'an authority has ordered that the data be kept (GDPR Art. 17(3)(b))',
  investigation: 'the data are needed for an investigation that is open (GDPR Art. 17(3)(e))',
} as const;

/** What a mail says of it; empty where nothing is held. */
export function holdInWords(ground: string | null): string {
  return ground !== null && Object.hasOwn(HOLD_GROUNDS, ground)
    ? HOLD_GROUNDS[ground as keyof typeof HOLD_GROUNDS]
    : '';
}
