import { domainToASCII } from 'node:url';
import { phrase } from './header-text.js';

/** SPEC: RFC 5322, 3.2.3. */
const DOT_ATOM = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/;
/** SPEC: RFC 5321, 4.5.3.1.3: a path has 256 octets, two of which are its brackets. */
const LONGEST = 254;

/**
 * An address as it stands in a header: one, whatever it looks like. `ada@a.test, eve@b.test` has a strange part before
 * its last @, which is quoted. Undefined for what none can be made of.
 */
export function addrSpec(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at < 1) return undefined;
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  // Names in other scripts are written in the form that DNS knows.
  const ascii = DOMAIN.test(domain) ? domain : domainToASCII(domain);
  if (!DOMAIN.test(ascii) || local.length + ascii.length + 1 > LONGEST) return undefined;
  if (DOT_ATOM.test(local)) return `${local}@${ascii}`;
  if (!/^[\u0020-\u007e]+$/.test(local)) return undefined;
  return `"${local.replaceAll(/["\\]/g, '\\$&')}"@${ascii}`;
}

/** `From: name <address>`, folded before the address where it would be long. */
export function mailboxHeader(header: string, name: string, address: string): string {
  const shown = phrase(name, header.length + 2);
  if (shown === '') return `${header}: ${address}\r\n`;
  const lastLine = shown.slice(shown.lastIndexOf('\n') + 1);
  const fits = header.length + lastLine.length + address.length + 5 <= 76;
  return `${header}: ${shown}${fits ? ' ' : '\r\n '}<${address}>\r\n`;
}
