import { type Request } from 'express';

/**
 * The address that a request comes from. Behind proxies of ours it is the one that the outermost of them saw; what else a
 * client writes into the header is its own invention. An IPv4 address is written as one, however the socket has it.
 */
export function remoteAddress(request: Pick<Request, 'headers' | 'socket'>, trustedProxies: number): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().flatMap((line) => line.split(','));
  const seen = [...forwarded.map((part) => part.trim()), request.socket.remoteAddress ?? ''];
  // Fewer entries than proxies: somebody came past them; the farthest that is known counts.
  const address = seen[Math.max(0, seen.length - 1 - trustedProxies)] ?? '';
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
