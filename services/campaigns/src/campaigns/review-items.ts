import { campaignsV1 } from '@heed/contracts';
import { type Tx } from '@heed/postgres';
import { templateById } from '../templates/template.store.js';
import { campaignById } from './campaign.store.js';
import { bearsLabel, LABEL_LAWS, peopleUnder, type LabelLaw, type Living } from './label-laws.js';
import { findingsIn, type Finding, type ReviewedText } from './review.js';
import { stepsOf } from './step.store.js';

const { Requirement, ReviewState } = campaignsV1;
const { REVIEW_STATE_MET: MET, REVIEW_STATE_MISSING: MISSING } = ReviewState;
const { REVIEW_STATE_NEEDS_PERSON: NEEDS_PERSON } = ReviewState;

type Item = Omit<campaignsV1.ReviewItem, 'step'>;

/** What the law wants of each step, and how it stands. */
export async function reviewItems(
  tx: Tx,
  campaignId: string,
  living: Living,
): Promise<campaignsV1.ReviewItem[]> {
  const { labelWaiver } = await campaignById(tx, campaignId);
  const items: campaignsV1.ReviewItem[] = [];
  for (const { step, templateId } of (await stepsOf(tx, [campaignId])).get(campaignId) ?? []) {
    const text = await templateById(tx, templateId);
    items.push(...itemsOf(text, living, labelWaiver !== null).map((item) => ({ step, ...item })));
  }
  return items;
}

export function itemsOf(text: ReviewedText, living: Living = new Map(), isWaived = false): Item[] {
  const everywhere = (
    requirement: Item['requirement'],
    state: Item['state'],
    source: string,
    wants: string,
  ) => ({
    ...{ requirement, state, source, wants, jurisdiction: '', people: 0n },
  });
  const isThere = (holds: boolean): Item['state'] => (holds ? MET : MISSING);
  const sender = everywhere(
    Requirement.REQUIREMENT_SENDER,
    isThere(text.senderName.trim() !== ''),
    text.channel === 'voice'
      ? '47 CFR 64.1200(b); Directive 2002/58/EC, Article 13(4)'
      : '15 U.S.C. 7704(a)(1); Directive 2000/31/EC, Article 6(b)',
    'who it is from',
  );
  if (text.channel === 'voice') return [sender];
  const findings = new Set<Finding>(findingsIn(text));
  const isMisleading = ['subject_like_reply', 'subject_shouts', 'subject_presses'].some((one) =>
    findings.has(one as Finding),
  );
  return [
    sender,
    everywhere(
      Requirement.REQUIREMENT_POSTAL_ADDRESS,
      isThere(text.postalAddress.trim() !== '' && !findings.has('postal_address_hidden')),
      '15 U.S.C. 7704(a)(5)(A)(iii); Directive 2000/31/EC, Article 5(1)(b)',
      'a postal address that every reader sees',
    ),
    everywhere(
      Requirement.REQUIREMENT_UNSUBSCRIBE,
      isThere(!findings.has('unsubscribe_hidden')),
      '15 U.S.C. 7704(a)(3) and (5)(A)(ii); Directive 2002/58/EC, Article 13(2); RFC 8058',
      'a link to unsubscribe that every reader sees; that it works is made sure where it is sent',
    ),
    everywhere(
      Requirement.REQUIREMENT_SUBJECT,
      isMisleading ? NEEDS_PERSON : MET,
      '15 U.S.C. 7704(a)(2)',
      'a subject that does not mislead',
    ),
    ...LABEL_LAWS.map((law) => ({
      requirement: Requirement.REQUIREMENT_ADVERTISEMENT_LABEL,
      state: labelState(law, text, isWaived ? 0n : peopleUnder(law, living)),
      ...{ jurisdiction: law.jurisdiction, source: law.source, wants: law.wants },
      people: peopleUnder(law, living),
    })),
  ];
}

/** Missing only where a law wants it of whoever writes to these people, and nobody has said why it is not due. */
function labelState(law: LabelLaw, { subject, textBody }: ReviewedText, owedTo: bigint): Item['state'] {
  if (bearsLabel(law, { subject, body: textBody })) return MET;
  return law.isDemanded && owedTo > 0n ? MISSING : NEEDS_PERSON;
}
