/** Parts of a page that are no words of whoever wrote the answer: quotations, as the common mail programs mark them. */
const QUOTED = [
  /<blockquote\b[\s\S]*/gi,
  /<div[^>]+(?:class="?[^">]*gmail_quote|id="?(?:appendonsend|divRplyFwdMsg|mail-editor-reference-message-container))[\s\S]*/gi,
  /<hr[^>]+(?:id="?stopSpelling)[\s\S]*/gi,
];
const UNSEEN = /<(style|script|head|title)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi;
const BREAKS = /<\s*(?:br|\/p|\/div|\/li|\/tr|\/h[1-6]|hr)\b[^>]*>/gi;
const TAGS = /<[^>]{0,2000}>/g;

const ENTITIES: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', rsquo: '’', lsquo: '‘' },
  ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', szlig: 'ß', eacute: 'é', egrave: 'è', aacute: 'á', iacute: 'í' },
  ...{ oacute: 'ó', uacute: 'ú', ntilde: 'ñ', agrave: 'à', ccedil: 'ç', ecirc: 'ê', ocirc: 'ô', ugrave: 'ù' },
};

/** The words of an answer that came as HTML alone, without what it quotes. Linear in its length. */
export function plainText(html: string): string {
  let text = html.replaceAll(UNSEEN, ' ');
  for (const quoted of QUOTED) text = text.replace(quoted, '\n');
  return text
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll(BREAKS, '\n')
    .replaceAll(TAGS, ' ')
    .replaceAll(/&(#x?[0-9a-f]{1,6}|[a-z]{2,8});/gi, (whole, name: string) => character(name) ?? whole);
}

function character(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    ? String.fromCodePoint(code)
    : undefined;
}
