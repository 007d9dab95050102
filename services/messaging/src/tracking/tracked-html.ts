import { linkTarget } from './link-target.js';
import { startTags } from './start-tags.js';
import { MESSAGE_TOKEN_LENGTH, MOST_LINKS } from './tracking-token.js';

/** Stands where each mail has the token of its message; as long as one, so that no limit on lengths is met later. */
export const MESSAGE_MARK = 'heedMessageToken'.padEnd(MESSAGE_TOKEN_LENGTH, '0');

export interface TrackedLink {
  /** From 1. */
  link: number;
  of: number;
  url: string;
}

export interface Tracking {
  opens: boolean;
  clicks: boolean;
  /** The address of the image; MESSAGE_MARK stands in it. */
  image: string;
  /** The address of a link that no person can see. */
  trap: string;
  /** The address that stands in place of a link's own. */
  through: (link: TrackedLink) => string;
}

/** Private use: stands in no address. As long as what it stands for, so that places stay the same. */
const MASK = '\ue000';

interface Replacement {
  start: number;
  end: number;
  by: string;
}

/**
 * The HTML of a template with its links leading through us, an image, and a link that no person sees. Done once a
 * template, before anybody's values are put in; so no value can make a link of its own, and an address with a field of
 * the contact in it stays as it is, as does the one that unsubscribes, which comes with the footer. The plain text is
 * not touched: there the reader sees where a link leads.
 */
export function trackedHtml(html: string, { opens, clicks, image, trap, through }: Tracking): string {
  const masked = withoutLiquid(html);
  const targets = clicks ? linksIn(masked) : [];
  const replaced = targets.map(({ start, end, url }, index): Replacement => {
    return { start, end, by: through({ link: index + 1, of: targets.length, url }) };
  });
  const foot = endOfBody(masked);
  const hidden = (targets.length > 0 ? trapLink(trap) : '') + (opens ? openImage(image) : '');
  return spliced(html, [...replaced, { start: foot, end: foot, by: hidden }]);
}

function linksIn(masked: string): { start: number; end: number; url: string }[] {
  const links = startTags(masked).flatMap(({ name, attributes }) => {
    const href = name === 'a' || name === 'area' ? attributes.get('href') : undefined;
    if (!href) return [];
    const { start, end } = href;
    const text = masked.slice(start, end);
    const url = text.includes(MASK) ? undefined : linkTarget(text);
    // Unquoted, a value could run into the mask of what follows it.
    return url === undefined || masked[end] === MASK ? [] : [{ start, end, url }];
  });
  return links.slice(0, MOST_LINKS);
}

/** Where the text ends that a reader sees: renderEmail puts the footer there too. */
function endOfBody(masked: string): number {
  const end = masked.toLowerCase().lastIndexOf('</body>');
  return end < 0 ? masked.length : end;
}

/** Whoever reads, by eye or by ear or with the keyboard, does not come upon it; whoever fetches all links does. */
function trapLink(href: string): string {
  return `<a href="${href}" style="display:none" aria-hidden="true" tabindex="-1" rel="nofollow"></a>`;
}

function openImage(src: string): string {
  return `<img src="${src}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
}

/** Of addresses that stand in an attribute there is nothing to escape: base64url and our own origin. */
function spliced(text: string, replacements: readonly Replacement[]): string {
  let at = 0;
  let made = '';
  for (const { start, end, by } of [...replacements].sort((a, b) => a.start - b.start)) {
    made += text.slice(at, start) + by;
    at = end;
  }
  return made + text.slice(at);
}

/** Liquid masked: what it makes is not known before there is a person. Of `raw` and `comment` the whole is masked. */
function withoutLiquid(html: string): string {
  const opening = /\{[{%]/g;
  let made = '';
  let at = 0;
  for (let found = opening.exec(html); found; found = opening.exec(html)) {
    const end = endOfLiquid(html, found.index);
    made += html.slice(at, found.index) + MASK.repeat(end - found.index);
    at = end;
    opening.lastIndex = end;
  }
  return made + html.slice(at);
}

function endOfLiquid(html: string, at: number): number {
  const isTag = html[at + 1] === '%';
  const close = html.indexOf(isTag ? '%}' : '}}', at + 2);
  // campaigns takes no template in which one is left open.
  if (close < 0) return html.length;
  const block = isTag ? /^-?\s*(raw|comment)\b/.exec(html.slice(at + 2, close))?.[1] : undefined;
  if (block === undefined) return close + 2;
  const end = new RegExp(`\\{%-?\\s*end${block}\\b[^%]*%\\}`, 'g');
  end.lastIndex = close;
  return end.exec(html) ? end.lastIndex : html.length;
}
