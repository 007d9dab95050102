/** Where the value of an attribute stands in the text, without its quotes. */
export interface Attribute {
  start: number;
  end: number;
}

export interface StartTag {
  /** In lower case. */
  name: string;
  /** Where its `<` stands. */
  at: number;
  /** By name, in lower case. */
  attributes: ReadonlyMap<string, Attribute>;
}

/** Elements whose content is text, whatever looks like a tag in it. SPEC: HTML, 13.2.6.2 and 13.2.6.4. */
const TEXT_ONLY = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes']);

const SPACE = /[\t\n\f\r ]/;

/**
 * The start tags of an HTML text in order, as a browser would see them. SPEC: HTML, 13.2.5: the states of the tokeniser
 * that concern tags, comments and attributes. It reads the text once, and never changes it: whoever rewrites a value
 * leaves all the rest as the author wrote it.
 */
export function startTags(html: string): StartTag[] {
  const tags: StartTag[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    const next = html[open + 1] ?? '';
    if (isLetter(next)) {
      const { tag, end } = readTag(html, open, open + 1);
      // SPEC: 13.2.5: at the end of the text a tag that was begun is none.
      if (end < 0) break;
      tags.push(tag);
      at = TEXT_ONLY.has(tag.name) ? afterText(html, tag.name, end) : end;
      if (tag.name === 'plaintext') break;
    } else if (next === '/' && isLetter(html[open + 2] ?? '')) {
      const { end } = readTag(html, open, open + 2);
      if (end < 0) break;
      at = end;
    } else if (next === '!' || next === '?' || next === '/') {
      at = afterComment(html, open);
    } else {
      at = open + 1;
    }
  }
  return tags;
}

function readTag(html: string, at: number, nameAt: number): { tag: StartTag; end: number } {
  let end = nameAt;
  while (end < html.length && !SPACE.test(html[end]!) && html[end] !== '/' && html[end] !== '>') end += 1;
  const name = html.slice(nameAt, end).toLowerCase();
  const attributes = new Map<string, Attribute>();
  while (end < html.length) {
    const character = html[end]!;
    if (character === '>') return { tag: { name, at, attributes }, end: end + 1 };
    if (SPACE.test(character) || character === '/') {
      end += 1;
      continue;
    }
    const { name: attributeName, attribute, end: after } = readAttribute(html, end);
    // SPEC: 13.2.5.33: of two attributes with one name the first counts.
    if (!attributes.has(attributeName)) attributes.set(attributeName, attribute);
    end = after;
  }
  return { tag: { name, at, attributes }, end: -1 };
}

/** SPEC: 13.2.5.32: a `=` at the very start belongs to the name. */
function readAttribute(html: string, at: number): { name: string; attribute: Attribute; end: number } {
  let end = at + 1;
  while (end < html.length && !SPACE.test(html[end]!) && !'/>='.includes(html[end]!)) end += 1;
  const name = html.slice(at, end).toLowerCase();
  let value = end;
  while (SPACE.test(html[value] ?? '')) value += 1;
  if (html[value] !== '=') return { name, attribute: { start: end, end }, end };
  value += 1;
  while (SPACE.test(html[value] ?? '')) value += 1;
  const quote = html[value];
  if (quote === '"' || quote === "'") {
    const close = html.indexOf(quote, value + 1);
    const stop = close < 0 ? html.length : close;
    return { name, attribute: { start: value + 1, end: stop }, end: Math.min(stop + 1, html.length) };
  }
  let stop = value;
  while (stop < html.length && !SPACE.test(html[stop]!) && html[stop] !== '>') stop += 1;
  return { name, attribute: { start: value, end: stop }, end: stop };
}

/** Behind the end tag of an element whose content is text; at the end of all where there is none. */
function afterText(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi');
  close.lastIndex = from;
  return close.exec(html)?.index ?? html.length;
}

/** SPEC: 13.2.5.41 to 13.2.5.51: `<!-->` and `<!--->` are whole comments; what is no comment ends at its first `>`. */
function afterComment(html: string, open: number): number {
  if (!html.startsWith('<!--', open)) {
    const close = html.indexOf('>', open + 2);
    return close < 0 ? html.length : close + 1;
  }
  const short = /^-?>/.exec(html.slice(open + 4, open + 6));
  if (short) return open + 4 + short[0].length;
  const close = /--!?>/g;
  close.lastIndex = open + 4;
  return close.exec(html) ? close.lastIndex : html.length;
}

function isLetter(character: string): boolean {
  return /^[a-z]$/i.test(character);
}
