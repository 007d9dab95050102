import { hostname } from 'node:os';
import { frameSettings } from '@heed/config';
import { isIP } from 'node:net';
import { z } from 'zod';
import { DomainLimits } from './sending/domain-limits.js';

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/i;

const list = (fits: (part: string) => boolean) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((parts) => parts.every(fits));

export const messagingSettings = frameSettings.extend({
  HEED_SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .describe('Mail server: smtp://user:password@host:port (STARTTLS where offered) or smtps://.'),
  HEED_SMTP_SLOTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(40)
    .describe(
      'Connections to the mail server. As many messages leave at once, and no more permits are asked for.',
    ),
  HEED_SMTP_DOMAIN_LIMITS: z
    .string()
    .default('')
    .refine((text) => DomainLimits.read(text) !== undefined, 'is not written as example.com=5/100 *=20/600')
    .describe(
      'Limits of each process for domains that it writes to, as example.com=5/100 *=20/600: messages under way at once, and a minute. 0: no limit; *: every other domain. Unset: none.',
    ),
  HEED_SMTP_TLS: z
    .enum(['opportunistic', 'required'])
    .optional()
    .describe(
      'opportunistic: TLS where the mail server offers it; required: a server that offers none is refused, but this machine. Unset: required in production. Its certificate is verified in any case.',
    ),
  HEED_SMTP_TLS_CA_FILE: z
    .string()
    .min(1)
    .optional()
    .describe("Authorities (PEM) that sign the mail server's certificate. Unset: those of the machine."),
  HEED_SMTP_MTA_STS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The MTA-STS policy (RFC 8461) of the mail server's domain, as it is published. Where it enforces, TLS is required and the server must be one that it names.",
    ),
  HEED_SMTP_NAME: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,255}$/)
    .default(() => hostname())
    .describe('Name of this sender in EHLO.'),
  HEED_MESSAGES_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(600)
    .describe('Single messages (`SendMessage`) that one tenant may ask for in a minute. More are refused.'),
  HEED_NOTICE_FROM: z
    .email()
    .max(254)
    .optional()
    .describe(
      'Address that writes to members and to who asked for their data. Unset: no-reply at HEED_SMTP_NAME. Set it in production, to a domain that may send.',
    ),
  HEED_INBOUND_DOMAIN: z
    .string()
    .regex(/^(?=.{1,190}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/i)
    .optional()
    .describe(
      'Domain whose mail comes here (MX): bounces, answers and mailto: unsubscribes go to addresses in it. Unset: none is asked for.',
    ),
  HEED_INBOUND_SMTP_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      'Port that takes mail for HEED_INBOUND_DOMAIN; 0 takes a free one. Unset: this process takes none.',
    ),
  HEED_INBOUND_SMTP_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]{1,255}$/)
    .default('127.0.0.1')
    .describe('Address that it listens on.'),
  HEED_INBOUND_TLS_CERT_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('Certificate chain (PEM) for STARTTLS; without it none is offered.'),
  HEED_INBOUND_TLS_KEY_FILE: z.string().min(1).optional().describe('Its private key (PEM).'),
  HEED_INBOUND_KEEP_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe(
      'Days that answers are kept, sealed. A doubt that nobody has decided by then becomes an opt-out.',
    ),
  HEED_DNS_SERVERS: list(
    (part) => isIP(part) > 0 || /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d{1,5}$/i.test(part),
  )
    .optional()
    .describe(
      "DNS servers that sender domains are looked up at: 192.0.2.1 or 192.0.2.1:53. Unset: the machine's own.",
    ),
  HEED_SPF_INCLUDE: z
    .string()
    .regex(DOMAIN)
    .optional()
    .describe('Domain whose SPF record names our hosts: sender domains must include it.'),
  HEED_SENDING_HOSTS: list((part) => isIP(part) > 0)
    .optional()
    .describe('Addresses that mails leave from: the SPF records of sender domains must allow each.'),
  HEED_REQUIRE_VERIFIED_DOMAINS: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('Whether mails from domains that are not verified are skipped. Unset: in production they are.'),
  HEED_TRACKING_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Base of the links and images by which opens and clicks are recorded: the HTTP edge of messaging, as the world reaches it. Unset: nothing is tracked.',
    ),
  HEED_TRACKING_KEEP_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_095)
    .default(90)
    .describe(
      'Days after a message that its opens and clicks are recorded and kept. Its links lead on for ever.',
    ),
  HEED_TRACKING_NETWORKS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File of networks of machines, one a line (192.0.2.0/24): what comes from them is counted apart. Read at start.',
    ),
  HEED_TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('Proxies of yours that a request passes, one after the other; each adds to X-Forwarded-For.'),
});

export type MessagingSettings = z.infer<typeof messagingSettings>;
