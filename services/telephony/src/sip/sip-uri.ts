/** The address within a header's value: between angle brackets, or all of it up to its parameters. */
export function addressIn(value: string): string | undefined {
  const bracketed = /<([^<>\s]{1,1024})>/.exec(value.replace(/"(?:\\.|[^"\\])*"/g, ''));
  const address = bracketed ? bracketed[1]! : value.split(';')[0]!.trim();
  return /^sips?:[^\s<>"]+$/i.test(address) ? address : undefined;
}

/** Where a trunk is, as HEED_CARRIER_URL says it. */
export interface TrunkAddress {
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
  /** `sips`: every hop beyond the trunk is to be over TLS too (RFC 5630). */
  scheme: 'sip' | 'sips';
}

const TRUNK =
  /^(sips?):(?<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?<port>\d{1,5}))?(?:;transport=(?<transport>udp|tcp|tls))?$/;

/** Undefined where it is no address of a trunk. */
export function readTrunkAddress(url: string): TrunkAddress | undefined {
  const found = TRUNK.exec(url);
  if (!found?.groups) return undefined;
  const secure = found[1] === 'sips';
  const transport = (found.groups.transport ?? (secure ? 'tls' : 'udp')) as TrunkAddress['transport'];
  const port = Number(found.groups.port ?? (transport === 'tls' ? 5061 : 5060));
  if ((secure && transport !== 'tls') || port < 1 || port > 65_535) return undefined;
  return {
    host: found.groups.host!.replace(/^\[|\]$/g, ''),
    port,
    transport,
    scheme: secure ? 'sips' : 'sip',
  };
}

/** A host as it stands in an address. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
