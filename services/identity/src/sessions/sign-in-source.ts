import { remoteAddress } from '@heed/http';
import { type Request } from 'express';

/**
 * Where a sign-in comes from, as text that one source shares: an IPv4 address, or the /64 of an IPv6 address, which is
 * one household's or one machine's and of which it may use every address.
 */
export function sourceOf(request: Pick<Request, 'headers' | 'socket'>, trustedProxies: number): string {
  return blockOf(remoteAddress(request, trustedProxies));
}

function blockOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
