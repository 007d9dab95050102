import { DomainError } from '@heed/kernel';
import { type SMTPConnectionAuth, type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { isNamedBy, readMtaSts, type MtaStsPolicy } from './mta-sts.js';

export interface SmtpSettings {
  connection: SMTPConnectionOptions;
  /** Absent where the server takes mail without an account. */
  auth?: SMTPConnectionAuth;
  limits: SmtpLimits;
}

/** However much the server talks meanwhile. */
export interface SmtpLimits {
  /** From the first packet until messages may be handed over. */
  setUpMs: number;
  /** One message. */
  handOverMs: number;
}

export interface SmtpSource {
  /** smtp://user:password@host:port, or smtps:// for TLS from the first byte. */
  url: string;
  /** Name in EHLO; the host's own where absent. */
  name?: string;
  /** required: a server that offers no TLS is refused. Only this machine's own is never. */
  tls: 'opportunistic' | 'required';
  /** Authorities to trust in place of the machine's, as PEM. */
  ca?: string | undefined;
  /** The policy of the server's domain: where it enforces, TLS is required and the server must be one that it names. */
  mtaSts?: string | undefined;
}

/**
 * How long the server may keep silent. SPEC: RFC 5321, 4.5.3.2 asks for 2 to 10 minutes; a slot that waits is a slot
 * that does not send, and what is lost by giving up early is only the knowledge of one outcome.
 */
const SILENCE_MS = 120_000;
const SET_UP_MS = 10_000;
/** A server that sends a byte now and then is never silent. */
const LIMITS: SmtpLimits = { setUpMs: 3 * SET_UP_MS, handOverMs: 3 * SILENCE_MS };
/** Answers have a line or two. SPEC: RFC 5321, 4.5.3.1.5: 512 octets a line. */
const LONGEST_ANSWER = 64 * 1024;

export function smtpSettings({ url, name, tls, ca, mtaSts }: SmtpSource): SmtpSettings {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const isEnforced = mtaSts !== undefined && isBound(readMtaSts(mtaSts), host);
  return {
    connection: {
      host,
      port: port === '' ? (secure ? 465 : 25) : Number(port),
      secure,
      // STARTTLS is used wherever it is offered; an upgrade that fails ends the connection, it never goes on in clear.
      requireTLS: !secure && (isEnforced || (tls === 'required' && !isThisMachine(host))),
      // The certificate is verified in any case. SPEC: RFC 8461, 4.2; RFC 8996 leaves nothing below 1.2.
      tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
      ...(name === undefined ? {} : { name }),
      connectionTimeout: SET_UP_MS,
      greetingTimeout: SET_UP_MS,
      dnsTimeout: SET_UP_MS,
      socketTimeout: SILENCE_MS,
      // What was not flushed must not leave later: a closed connection is destroyed.
      socketCloseTimeout: 0,
      maxResponseSize: LONGEST_ANSWER,
      logger: false,
    },
    limits: LIMITS,
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

function isBound(policy: MtaStsPolicy, host: string): boolean {
  if (policy.mode !== 'enforce') return false;
  if (isNamedBy(policy, host)) return true;
  throw new DomainError('MAIL_SERVER_NOT_IN_POLICY', 'invalid-argument', {
    message: `the MTA-STS policy does not name ${host}: it names ${policy.mx.join(', ')}`,
  });
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
