import { sha256 } from '@heed/kernel';
import { type OptOutLink } from './opt-out-token.js';

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

/** What a person sees who follows the link. Opening it changes nothing: scanners of mail open every link. */
export function askingPage({ channel, purpose, sender }: OptOutLink): string {
  const what = channel === 'email' ? 'emails' : 'calls';
  const ofSender = `<button name="scope" value="sender" class="quiet">Stop all ${what} from ${escaped(sender)}</button>\n`;
  return page(
    'Stop these messages?',
    `<p>You get ${what} about <strong>${escaped(purpose)}</strong>.</p>
<form method="post">
<button name="scope" value="this">Stop ${what} about ${escaped(purpose)}</button>
${sender === '' ? '' : ofSender}<button name="scope" value="everything" class="quiet">Never contact me again</button>
</form>
<p>It takes effect at once. You need not sign in.</p>`,
  );
}

export function donePage(): string {
  return page('Done', '<p>You will get no more of these messages.</p>');
}

export function page(title: string, body: string, language = 'en'): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1>
${body}
</main></body></html>
`;
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
