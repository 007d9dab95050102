/** Where commercial mail is to bear a label, and which. */
export interface LabelLaw {
  /** ISO 3166, or EU. */
  jurisdiction: string;
  source: string;
  wants: string;
  /** One of these, where it has to stand. Case does not matter. */
  labels: readonly string[];
  where: 'subject' | 'anywhere';
}

/**
 * LAW: as each says. Which of them bind depends on where people live and whether they agreed, and what a message
 * advertises: a rule can tell that a label is there, and never that none is due.
 */
export const LABEL_LAWS: readonly LabelLaw[] = [
  {
    jurisdiction: 'US',
    source: '15 U.S.C. 7704(a)(5)(A)(i), (B)',
    wants: 'clear identification as an advertisement, unless each reader has agreed before',
    labels: ['advertisement', 'adv:'],
    where: 'anywhere',
  },
  {
    jurisdiction: 'EU',
    source: 'Directive 2000/31/EC, Articles 6(a) and 7(1)',
    wants: 'clearly identifiable as a commercial communication',
    labels: ['advertisement', 'anzeige', 'werbung', 'publicité', 'publicidad'],
    where: 'anywhere',
  },
  {
    jurisdiction: 'KR',
    source: 'Network Act, Article 50(4); its Enforcement Decree, Annex 6',
    wants: 'a subject that begins with (광고)',
    labels: ['(광고)'],
    where: 'subject',
  },
  {
    jurisdiction: 'CN',
    source: 'Measures for the Administration of Internet E-mail Services (2006), Article 13',
    wants: 'a subject that begins with 广告 or AD',
    labels: ['广告', 'ad:', 'ad '],
    where: 'subject',
  },
  {
    jurisdiction: 'SG',
    source: 'Spam Control Act 2007, Second Schedule',
    wants: 'a subject that begins with <ADV>, where nobody has asked for it',
    labels: ['<adv>'],
    where: 'subject',
  },
];

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
