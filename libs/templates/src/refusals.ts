import { DomainError } from '@heed/kernel';

/** One of a template's three texts, as the contract names it. */
export type TemplatePart = 'subject' | 'text_body' | 'html_body';

/**
 * What liquidjs refused, reduced to a reason that callers can act on. Its own text is not passed on: it quotes the
 * template, and while rendering the values too. The place in the template says enough.
 */
export function refusalOf(error: unknown, part: TemplatePart): DomainError {
  const { message, token } = error as { message?: string; token?: { getPosition?(): number[] } };
  const [line, column] = token?.getPosition?.() ?? [];
  const place = line === undefined ? '' : ` at line ${line}, column ${column}`;
  if (/parse length limit/.test(message ?? '')) {
    return refused('TEMPLATE_TOO_LARGE', part, 'The text is too long.');
  }
  if (/memory alloc limit/.test(message ?? '')) {
    return refused('TEMPLATE_TOO_LARGE', part, `It makes too much${place}: shorten its loops.`);
  }
  if (/render limit/.test(message ?? '')) {
    return refused('TEMPLATE_TOO_SLOW', part, `It takes too long${place}: shorten its loops.`);
  }
  return refused('TEMPLATE_INVALID', part, `It is no valid Liquid${place}.`);
}

export function refused(reason: string, part: TemplatePart, message: string): DomainError {
  return new DomainError(reason, 'invalid-argument', { message, violations: [{ field: part, reason }] });
}

/** Header injection: what a subject may not hold, as it is written or as its filters make it. */
export function notOneLine(): DomainError {
  const message = 'The subject is one line: take line breaks and control characters out of it.';
  return refused('TEMPLATE_NOT_ONE_LINE', 'subject', message);
}
