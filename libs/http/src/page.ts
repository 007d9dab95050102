import { sha256 } from '@heed/kernel';
import { type Problem } from './problem.js';

// Pages for people who follow a link: a form at most, and no script. Whoever works with Heed has a console.

const STYLE = `
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:12vh auto 0;padding:0 1.25rem;background:#fff;color:#1a1a1a}
h1{font-size:1.4rem}
form{display:grid;gap:.75rem;margin:1.5rem 0}
input:not([type=hidden]){font:inherit;padding:.6rem;border:1px solid;border-radius:.5rem;width:100%;box-sizing:border-box}
button{font:inherit;padding:.7rem 1rem;border:1px solid #1a1a1a;border-radius:.5rem;background:#1a1a1a;color:#fff;cursor:pointer}
button.quiet{background:transparent;color:inherit}
@media(prefers-color-scheme:dark){body{background:#141414;color:#eee}button{border-color:#eee;background:#eee;color:#141414}}
`;

/** The one style of the page by its digest, a form to ourselves, and nothing else: no script, no frame, no other site. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${sha256(Buffer.from(STYLE)).toString('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export function page(title: string, body: string, language = 'en'): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1>
${body}
</main></body></html>
`;
}

/** Why what somebody pressed or followed was not done, in place of a page. Of values it says what the problem does: none. */
export function problemPage({ title, detail, reason }: Problem): string {
  const sentence = detail.charAt(0).toUpperCase() + detail.slice(1);
  return page(title, `<p>${escaped(sentence)}.</p>\n<p><small>${escaped(reason)}</small></p>`);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
