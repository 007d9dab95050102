/**
 * What a person wrote themselves in an answer: without what it quotes, which is our own message and ends in the word
 * "unsubscribe", and without their signature.
 */
export function ownWords(text: string): string {
  const lines = text
    .replaceAll(/\r\n?/g, '\n')
    // Zero-width characters and the like, by which programs mark things.
    .replaceAll(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .split('\n')
    .map((line) => line.trim());
  const own: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.startsWith('>')) continue;
    if (isSignatureMark(line) || isDivider(line) || isHeaderBlock(lines, at)) break;
    const spanned = attributionAt(lines, at);
    if (spanned > 0) {
      // Answers below the quotation stand after its marks; a quotation without marks goes to the end.
      if (!nextWords(lines, at + spanned).startsWith('>')) break;
      at += spanned - 1;
      continue;
    }
    if (!isOfAProgram(line) && !isOurLink(line)) own.push(line);
  }
  return own.join('\n').trim();
}

/**
 * "On Monday Acme wrote:": a quotation follows. Programs wrap it over up to three lines. Returns how many it takes: as
 * few as may be, so that the words above it, which may be a no, are not taken for its beginning.
 */
function attributionAt(lines: readonly string[], at: number): number {
  for (let span = 1; span <= 3 && lines[at + span - 1]; span++) {
    const joined = lines.slice(at, at + span).join(' ');
    if (joined.length > 400) return 0;
    if (!ATTRIBUTIONS.some((attribution) => attribution.test(joined))) continue;
    for (let below = at + 1; below < at + span; below++) {
      const shorter = lines.slice(below, at + span).join(' ');
      if (ATTRIBUTIONS.some((attribution) => attribution.test(shorter))) return 0;
    }
    return span;
  }
  return 0;
}

/** As the common programs write them: Gmail, Apple Mail, Thunderbird, Outlook, Yahoo. */
const ATTRIBUTIONS = [
  /^on\b.{5,380}\bwrote:$/i,
  /^.{3,200}\bwrote on\b.{5,150}:$/i,
  /^am\b.{5,380}\bschrieb\b.{0,200}:$/i,
  /^.{3,200}\bschrieb am\b.{5,150}:$/i,
  /^el\b.{5,380}\bescribi[oó]:$/i,
  /^le\b.{5,380}\ba [eé]crit\s?:$/i,
  /^.{5,380}ने लिखा\s?:$/,
  /^.{5,380}\bne likha\s?:$/i,
  /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.{0,200}<[^<>\s]+@[^<>\s]+>:?$/,
];

/** SPEC: RFC 3676, 4.3: two dashes and a space. Trimmed lines have lost the space. */
function isSignatureMark(line: string): boolean {
  return line === '--' || line === '—' || line === '– –';
}

const DIVIDERS =
  /^-{2,}\s*(original message|forwarded message|urspr[uü]ngliche nachricht|weitergeleitete nachricht|mensaje original|mensaje reenviado|message d'origine|message original|message transf[eé]r[eé]|मूल संदेश)\s*-{2,}$/i;

function isDivider(line: string): boolean {
  return (
    DIVIDERS.test(line.replaceAll('’', "'")) ||
    /^_{10,}$/.test(line) ||
    /^begin forwarded message:$/i.test(line)
  );
}

const SENDER_LINE = /^\*?(from|von|de|प्रेषक|से)\s?:\*?\s?.*\S/i;
const NEXT_LINE =
  /^\*?(sent|date|to|subject|gesendet|datum|an|betreff|enviado|fecha|para|asunto|envoy[eé]|objet|[aà]|भेजा गया|दिनांक|विषय)(\s+(el|le))?\s?:\*?/i;

/** The head of a quoted message, as Outlook writes it: "From: …" and right below it "Sent: …". */
function isHeaderBlock(lines: readonly string[], at: number): boolean {
  return SENDER_LINE.test(lines[at]!) && NEXT_LINE.test(lines[at + 1] ?? '');
}

const OF_PROGRAMS = [
  /^(sent from|get outlook for|sent with|gesendet (von|mit)|enviado (desde|con)|obtener outlook|envoy[eé] (de|depuis|avec)|von mein\S+ .{2,40} gesendet$)/i,
  /^मेरे \S+ से भेजा गया/,
];

function isOfAProgram(line: string): boolean {
  return OF_PROGRAMS.some((program) => program.test(line));
}

/** Our own footer, where a program quotes it without any mark: the link in it is none that people type. */
function isOurLink(line: string): boolean {
  return /https?:\/\/\S+\/u\/[\w-]{80,}/i.test(line);
}

function nextWords(lines: readonly string[], at: number): string {
  return lines.slice(at).find((line) => line !== '') ?? '';
}
