import { type Email } from 'postal-mime';
import { type MailEvent } from './mail-event.js';
import { type Mailbox } from './mailbox.js';

const style = `<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}
pre{white-space:pre-wrap;background:#f6f6f6;padding:1rem}iframe{width:100%;height:30rem;border:1px solid #ddd}
</style>`;

export function inboxPage(messages: MailEvent[], counts: Mailbox['counts']): string {
  const rows = messages.map(
    ({ id, at, to, subject }) =>
      `<tr><td>${escape(new Date(at).toISOString())}</td><td>${escape(to)}</td>` +
      `<td><a href="/view/${escape(id)}">${escape(subject ?? '(no subject)')}</a></td></tr>`,
  );
  return `<!doctype html><title>Mail</title>${style}<h1>Mail that arrived</h1>
<p>${counts['data-end']} messages; ${counts.refused} refused, ${counts.aborted} broken off. Newest first.</p>
<form><input name="to" placeholder="recipient"> <button>Show</button></form>
<table><tr><th>At</th><th>To</th><th>Subject</th></tr>${rows.join('\n')}</table>`;
}

export function messagePage(id: string, mail: Email): string {
  const headers = mail.headers.map(({ key, value }) => `${key}: ${value}`).join('\n');
  const html = mail.html ? `<iframe sandbox srcdoc="${escape(mail.html)}"></iframe>` : '';
  return `<!doctype html><title>${escape(mail.subject ?? '')}</title>${style}<p><a href="/">All mail</a></p>
<h1>${escape(mail.subject ?? '(no subject)')}</h1>${html}<pre>${escape(mail.text ?? '')}</pre>
<h2>Headers</h2><pre>${escape(headers)}</pre><p><a href="/messages/${escape(id)}">As it came</a></p>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
