/** What a service holds about a person, store by store. */
export interface Section {
  service: string;
  store: string;
  rows: Record<string, unknown>[];
}

export interface Attachment {
  service: string;
  store: string;
  name: string;
  mediaType: string;
  /** Where it lies in the package. */
  file: string;
}

export interface AccessData {
  request: string;
  subject: string;
  collected_at: string;
  sections: Section[];
  attachments: Attachment[];
  /** Stores of services of others, which hand out nothing here: to be asked for there. */
  not_included: string[];
}

/** The same data for a reader: one file that needs no network, in light and dark, on paper too. LAW: GDPR Art. 12(1). */
export function dataHtml(data: AccessData): string {
  const sections = data.sections.map(
    ({ store, rows }) =>
      `<section><h2>${escape(store)}</h2>${rows.map((row) => table(row)).join('')}</section>`,
  );
  const attachments = data.attachments.map(
    ({ file, store, mediaType }) =>
      `<li><a href="${escape(file)}">${escape(file)}</a> (${escape(store)}, ${escape(mediaType)})</li>`,
  );
  const elsewhere = data.not_included.map((store) => `<li>${escape(store)}</li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Your data</title>
<style>
:root { color-scheme: light dark; --line: #d0d5dd; --soft: #667085; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4150; --soft: #9aa4b5; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
p.about, caption { color: var(--soft); }
table { border-collapse: collapse; margin: .75rem 0 1.5rem; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
th { font-weight: 600; width: 14rem; } td { overflow-wrap: anywhere; white-space: pre-wrap; }
</style>
</head>
<body>
<h1>Your data</h1>
<p class="about">All that ${elsewhere.length > 0 ? 'this platform holds' : 'is held'} about you, collected on ${escape(data.collected_at)} for request ${escape(data.request)}.
The same, for machines, is in data.json.</p>
${sections.join('\n') || '<p>Nothing is held about you.</p>'}
${attachments.length > 0 ? `<section><h2>Files</h2><ul>${attachments.join('')}</ul></section>` : ''}
${elsewhere.length > 0 ? `<section><h2>Not included</h2><p>These stores of other services may hold something about you, too. It is not in this package; ask whoever sent it to you for it.</p><ul>${elsewhere.join('')}</ul></section>` : ''}
</body>
</html>
`;
}

function table(row: Record<string, unknown>): string {
  const lines = Object.entries(row).map(
    ([name, value]) =>
      `<tr><th scope="row">${escape(name.replaceAll('_', ' '))}</th><td>${escape(shown(value))}</td></tr>`,
  );
  return `<table>${lines.join('')}</table>`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
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
