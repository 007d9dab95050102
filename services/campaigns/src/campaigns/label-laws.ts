/** Where commercial mail is to bear a label, and which. */
export interface LabelLaw {
  /** ISO 3166, or EU. */
  jurisdiction: string;
  source: string;
  wants: string;
  /** ISO 3166 codes of the countries. */
  countries: readonly string[];
  /** Also where each reader has agreed to be written to: without the label nothing is begun. */
  isDemanded: boolean;
  /** One of these, where it has to stand. Case does not matter. */
  labels: readonly string[];
  where: 'subject' | 'anywhere';
}

const MEMBER_STATES =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

/**
 * LAW: as each says. Which of them bind depends on where people live and whether they agreed, and what a message
 * advertises: a rule can tell that a label is there, and never that none is due. Where one is due although its readers
 * agreed, a campaign to people there waits for the label, or for a person who says why none is.
 */
export const LABEL_LAWS: readonly LabelLaw[] = [
  {
    jurisdiction: 'US',
    countries: ['US'],
    isDemanded: false,
    source: '15 U.S.C. 7704(a)(5)(A)(i), (B)',
    wants: 'clear identification as an advertisement, unless each reader has agreed before',
    labels: ['advertisement', 'adv:'],
    where: 'anywhere',
  },
  {
    jurisdiction: 'EU',
    countries: MEMBER_STATES,
    isDemanded: false,
    source: 'Directive 2000/31/EC, Articles 6(a) and 7(1)',
    wants: 'clearly identifiable as a commercial communication',
    labels: ['advertisement', 'anzeige', 'werbung', 'publicité', 'publicidad'],
    where: 'anywhere',
  },
  {
    jurisdiction: 'KR',
    countries: ['KR'],
    isDemanded: true,
    source: 'Network Act, Article 50(4); its Enforcement Decree, Annex 6',
    wants: 'a subject that begins with (광고)',
    labels: ['(광고)'],
    where: 'subject',
  },
  {
    jurisdiction: 'CN',
    countries: ['CN'],
    isDemanded: true,
    source: 'Measures for the Administration of Internet E-mail Services (2006), Article 13',
    wants: 'a subject that begins with 广告 or AD',
    labels: ['广告', 'ad:', 'ad '],
    where: 'subject',
  },
  {
    jurisdiction: 'SG',
    countries: ['SG'],
    isDemanded: false,
    source: 'Spam Control Act 2007, Second Schedule',
    wants: 'a subject that begins with <ADV>, where nobody has asked for it',
    labels: ['<adv>'],
    where: 'subject',
  },
];

/** How many live where: contacts by ISO 3166 code. */
export type Living = ReadonlyMap<string, bigint>;

export function peopleUnder({ countries }: LabelLaw, living: Living): bigint {
  return countries.reduce((sum, country) => sum + (living.get(country) ?? 0n), 0n);
}

/** Jurisdictions whose label is owed to somebody, whatever they agreed to. */
export function labelsDue(living: Living): string[] {
  return LABEL_LAWS.filter((law) => law.isDemanded && peopleUnder(law, living) > 0n).map(
    ({ jurisdiction }) => jurisdiction,
  );
}

/** Those of the labels due that a text does not bear. */
export function labelsMissing(due: readonly string[], text: { subject: string; body: string }): LabelLaw[] {
  return LABEL_LAWS.filter((law) => due.includes(law.jurisdiction) && !bearsLabel(law, text));
}

/** Whether a text bears the label. */
export function bearsLabel(
  { labels, where }: LabelLaw,
  { subject, body }: { subject: string; body: string },
): boolean {
  const begins = (label: string): boolean => subject.trim().toLowerCase().startsWith(label);
  if (where === 'subject') return labels.some(begins);
  const all = `${subject}\n${body}`.toLowerCase();
  return labels.some((label) => all.includes(label));
}
