import { LONGEST_URL } from './tracking-token.js';

/** Of the entities those that stand in addresses. What holds another one is left as it is. */
const ENTITIES: Record<string, string> = {
  amp: '&',
  '#38': '&',
  '#x26': '&',
  quot: '"',
  '#34': '"',
  '#39': "'",
};

/**
 * Where a link of a template leads, from the text of its attribute: the address that a browser would go to. Undefined
 * for what is to stay as it is: no http or https, with a password in it, too long, or not to be understood for sure.
 */
export function linkTarget(attribute: string): string | undefined {
  const text = attribute.replaceAll(
    /&(amp|#38|#x26|quot|#34|#39);/gi,
    (_, name: string) => ENTITIES[name.toLowerCase()]!,
  );
  const plain = attribute.replaceAll(/&(amp|#38|#x26|quot|#34|#39);/gi, '');
  // SPEC: HTML, 13.2.5.73: without its `;` an entity counts in an attribute only if neither `=` nor a letter follows.
  if (/&(#|[a-z][a-z0-9]*(;|(?![a-z0-9=])))/i.test(plain)) return undefined;
  if (!/^\s*https?:/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!isWeb(url) || url.username !== '' || url.password !== '' || url.href.length > LONGEST_URL)
    return undefined;
  return url.href;
}

/** Whether an address may be answered with: a script or a file never is, whoever sealed it. */
export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && isWeb(new URL(text));
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}
