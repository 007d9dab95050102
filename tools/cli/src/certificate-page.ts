import { type Claims, type ProcessorClaim, type StoreClaim, type VerifiedCertificate } from '@heed/verifier';

/** What is said of the file that the page was made from. */
export interface PageSource {
  /** Name of the certificate's file. */
  name: string;
  /** SHA-256 of the file, in hex. */
  sha256: string;
  /** The key that it was verified with. */
  vkey: string;
}

const TITLES: Record<Claims['right'], string> = {
  ERASURE: 'Certificate of erasure',
  ACCESS: 'Certificate of access',
  RESTRICTION: 'Certificate of restriction',
  LIFT: 'Certificate of a restriction lifted',
  CORRECTION: 'Certificate of correction',
};

const OUTCOMES: Record<StoreClaim['outcome'], string> = {
  ERASED: 'erased',
  ANONYMISED: 'made anonymous',
  NOTHING_HELD: 'held nothing',
  RETAINED: 'kept',
  EXPORTED: 'handed out',
  IN_BACKUP: 'ages out',
  RESTRICTED: 'restricted',
  LIFTED: 'lifted',
  CORRECTED: 'corrected',
  AT_PROCESSOR: 'handed to somebody else',
  PROBED_CLEAN: 'nothing found',
  PROBED_FOUND: 'found',
  UNREACHABLE: 'no answer',
};

/** Stores of which a reader wants to know at once come first in each service. */
const ORDER: StoreClaim['outcome'][] = [
  'UNREACHABLE',
  'PROBED_FOUND',
  'AT_PROCESSOR',
  'RETAINED',
  'ERASED',
  'ANONYMISED',
  'EXPORTED',
  'RESTRICTED',
  'LIFTED',
  'CORRECTED',
  'IN_BACKUP',
  'NOTHING_HELD',
];

/**
 * A certificate that was verified, for people: one file without script or network, in light and dark, black on white on
 * paper. It proves nothing by itself, and says so: the file does.
 */
export function certificatePage({ claims, log }: VerifiedCertificate, source: PageSource): string {
  const title = TITLES[claims.right];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} ${escape(claims.request)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${title}</h1><p>${escape(summaryOf(claims))}</p></header>
${pairs([
  ['Request', claims.request],
  ['Person, by id', `${claims.subject} (${claims.subject_kind.toLowerCase()})`],
  ['Tenant', claims.tenant],
  ['Taken', moment(claims.received_at)],
  ['Closed', moment(claims.closed_at)],
  ['Identity verified by', words(claims.verification)],
  ...(claims.right === 'ERASURE' ? [['Objects to contact', claims.objects ? 'yes' : 'no']] : []),
  ...(claims.informed === undefined ? [] : [['Told before by', words(claims.informed)]]),
])}
${exceptions(claims)}
${notAsked(claims)}
${remains(claims)}
<section><h2>What each store answered</h2>${[...Map.groupBy(claims.stores, ({ service }) => service)]
    .map(([service, stores]) => storesTable(service, stores))
    .join('')}</section>
${sweep(claims)}
<section><h2>What this proves, and what not</h2>
<p>Every store that the services declare has answered for itself, signed; the answers stand in an append-only log whose state
was signed. Nothing of it can be altered without being found out. It does not prove that no copy exists anywhere: a store
that nobody declared cannot answer.</p>
<p>This page only shows what the file says. To verify the file without us:</p>
<pre>npx heed certificate verify ${escape(source.name)} --key '${escape(source.vkey)}'</pre>
<p>The key must come to you by another way than the file. How to verify with a program of your own: docs/certificate.md.</p>
${pairs([
  ['File', source.name],
  ['SHA-256', source.sha256],
  ['Log', `${log.origin}, ${log.size} leaves`],
])}</section>
</body>
</html>
`;
}

function summaryOf({ right, stores, exceptions: missing }: Claims): string {
  const services = new Set(stores.map(({ service }) => service)).size;
  const answered = stores.filter(({ outcome }) => outcome !== 'UNREACHABLE').length;
  const rows = stores.reduce(
    (sum, { outcome, count = 0 }) => sum + (DONE[right].includes(outcome) ? count : 0),
    0,
  );
  const all = `${answered} of ${stores.length} stores in ${services} services have answered`;
  const done = `${rows} ${rows === 1 ? 'entry' : 'entries'} ${DONE_WORDS[right]}`;
  return `${all}; ${done}${missing ? '; closed with exceptions' : ''}.`;
}

const DONE: Record<Claims['right'], StoreClaim['outcome'][]> = {
  ERASURE: ['ERASED', 'ANONYMISED'],
  ACCESS: ['EXPORTED'],
  RESTRICTION: ['RESTRICTED'],
  LIFT: ['LIFTED'],
  CORRECTION: ['CORRECTED'],
};
const DONE_WORDS: Record<Claims['right'], string> = {
  ERASURE: 'erased or made anonymous',
  ACCESS: 'handed out',
  RESTRICTION: 'restricted',
  LIFT: 'free again',
  CORRECTION: 'corrected',
};

const MISSING = {
  open: 'no answer',
  found: 'something found',
  refused: 'a processor has said no',
  untold: 'a processor was not told',
};

function exceptions({ exceptions: missing, reason = '' }: Claims): string {
  if (!missing) return '';
  const items = missing.map(
    ({ service, action, since, why }) =>
      `<li>${escape(service)}, ${action.toLowerCase()}: ${MISSING[why]} since ${moment(since)}</li>`,
  );
  return `<section class="warn"><h2>Closed with exceptions</h2><p>Reason: ${escape(words(reason))}</p><ul>${items.join('')}</ul></section>`;
}

/** Services of others do not answer everything: whoever reads this asks them by hand. */
function notAsked({ not_asked: stores }: Claims): string {
  if (!stores) return '';
  const items = stores.map((store) => `<li>${escape(store)}</li>`);
  return `<section class="warn"><h2>Not asked</h2><p>These stores of other services were not part of this request. Ask there by hand.</p><ul>${items.join('')}</ul></section>`;
}

/** What is still there when all is done, and until when: what a reader asks first. */
function remains({ right, stores }: Claims): string {
  if (right !== 'ERASURE' && right !== 'CORRECTION') return '';
  const kept = stores.filter(({ outcome }) => outcome === 'RETAINED');
  const ageing = stores.filter(({ outcome, until }) => outcome === 'IN_BACKUP' && until);
  const last = ageing
    .map(({ until }) => until!)
    .sort()
    .at(-1);
  const items = kept.map(
    ({ store, count = 0, detail = '', until }) =>
      `<li>${escape(store)}: ${count > 0 ? `${count}, ` : ''}${escape(words(detail))}${until ? `, until ${moment(until)}` : ''}</li>`,
  );
  if (last)
    items.push(
      `<li>Copies, queues and logs that nobody reaches into: the last has aged out by ${moment(last)}</li>`,
    );
  return items.length === 0
    ? ''
    : `<section><h2>${right === 'ERASURE' ? 'What remains' : 'What stays as it was'}</h2><ul>${items.join('')}</ul></section>`;
}

function storesTable(service: string, stores: readonly StoreClaim[]): string {
  const isProbed = stores.some(({ probe }) => probe);
  const rows = [...stores]
    .sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome))
    .map(
      (claim) =>
        `<tr><th scope="row">${escape(claim.store.slice(service.length + 1))}</th><td>${said(claim)}</td>` +
        `${isProbed ? `<td>${searched(claim)}</td>` : ''}</tr>`,
    );
  const probed = isProbed ? '<th scope="col">Searched afterwards</th>' : '';
  return `<table><caption>${escape(service)}</caption><thead><tr><th scope="col">Store</th><th scope="col">Answer</th>${probed}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** What cannot be searched says what it said before. */
function searched({ probe, outcome, count, until }: StoreClaim): string {
  if (!probe) return '';
  const isSame = probe.outcome === outcome && probe.count === count && probe.until === until;
  return isSame ? 'unchanged' : said(probe);
}

function said(answer: NonNullable<StoreClaim['probe']> & Pick<StoreClaim, 'processor'>): string {
  const { outcome, count = 0, detail = '', until, since } = answer;
  const parts = [`<b>${OUTCOMES[outcome]}</b>`];
  if (count > 0) parts.push(String(count));
  if (detail) parts.push(escape(words(detail)));
  if (until) parts.push(`until ${moment(until)}`);
  if (since) parts.push(`since ${moment(since)}`);
  if (answer.processor) parts.push(passedOn(answer.processor));
  if (answer.self_attested) parts.push('by its own word');
  return parts.join(', ');
}

const PROGRESS: Record<ProcessorClaim['state'], string> = {
  PENDING: 'its answer is awaited',
  IN_PROGRESS: 'it is at work',
  COMPLETED: 'it has erased it',
  CANCELLED: 'it will not erase it',
};

/** Whose word it is, and that nothing but COMPLETED says that anything is gone. */
function passedOn({ name, state, said_by, reference, told_at, at, expected_by }: ProcessorClaim): string {
  const number = reference ? ` under ${escape(reference)}` : '';
  const answer = state === 'PENDING' ? '' : ` (${moment(at)})`;
  const by = expected_by && state !== 'COMPLETED' ? `, expected by ${moment(expected_by)}` : '';
  const hand = said_by === 'PERSON' ? ', as a member wrote down' : '';
  return `${escape(name)} was told ${moment(told_at)}${number}: ${PROGRESS[state]}${answer}${by}${hand}`;
}

function sweep({ sweep: search }: Claims): string {
  if (!search) return '';
  if (search.state === 'DUE')
    return '<section><h2>Search of everything by value</h2><p>Due in the next night: a certificate that is fetched afterwards says what it found.</p></section>';
  const items = search.services.map(
    ({ service, at, columns, objects, found, excepted }) =>
      `<li>${escape(service)}, ${moment(at)}: ${columns} columns and ${objects} names of objects read, ${found} found` +
      `${excepted > 0 ? `, ${excepted} that belong to somebody living` : ''}</li>`,
  );
  return `<section><h2>Search of everything by value</h2><ul>${items.join('')}</ul></section>`;
}

function pairs(entries: readonly (readonly string[])[]): string {
  return `<dl>${entries.map(([name = '', value = '']) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('')}</dl>`;
}

/** 2026-11-27 22:30 UTC */
function moment(at: string): string {
  return escape(`${at.slice(0, 10)} ${at.slice(11, 16)} UTC`);
}

function words(code: string): string {
  return code.replaceAll('_', ' ');
}

function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const STYLE = `
:root { color-scheme: light dark; --line: #d0d5dd; --soft: #667085; --warn: #b42318; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4150; --soft: #9aa4b5; --warn: #f97066; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
header p { color: var(--soft); margin: .25rem 0 1.5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: .75rem 0 1.5rem; table-layout: fixed; width: 100%; }
caption { font-weight: 600; text-align: left; padding: .25rem 0; }
th, td { border-top: 1px solid var(--line); padding: .3rem .5rem .3rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { border-top: 0; color: var(--soft); font-weight: 400; } tbody th { font-weight: 400; } b { font-weight: 600; }
pre { border: 1px solid var(--line); border-radius: .25rem; padding: .6rem .75rem; white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: .25rem 0; padding-left: 1.2rem; } .warn h2 { color: var(--warn); }
@media screen and (max-width: 34rem) {
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } thead { display: none; }
  tr { border-top: 1px solid var(--line); display: block; padding: .4rem 0; } th, td { border: 0; display: block; padding: 0; }
  td:nth-child(3)::before { color: var(--soft); content: 'searched afterwards: '; } td:nth-child(3):empty { display: none; }
}
@page { size: A4; margin: 18mm 16mm; }
@media print {
  :root { color-scheme: light; --line: #999; --soft: #333; --warn: #000; }
  body { color: #000; background: #fff; font-size: 10pt; max-width: none; padding: 0; }
  h2, caption { break-after: avoid; } tr, li, dl { break-inside: avoid; } thead { display: table-header-group; }
}
`;
