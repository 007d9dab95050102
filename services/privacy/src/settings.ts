import { frameSettings } from '@heed/config';
import { isServiceName, SERVICES } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { z } from 'zod';

/** The frame's settings and those of the log and of the fan-out. */
export const privacySettings = frameSettings.extend({
  HEED_LOG_KEY_FILE: z.string().min(1).describe('Ed25519 key of the transparency log; privacy only.'),
  HEED_LOG_ORIGIN: z
    .string()
    .regex(/^[a-z0-9][a-z0-9./-]{1,200}$/)
    .default('heed.local/log')
    .describe('Name of the transparency log, as its checkpoints and its verifier key bear it; privacy only.'),
  HEED_SWEEP_HOUR: z.coerce
    .number()
    .int()
    .min(0)
    .max(23)
    .default(3)
    .describe(
      'Hour of the day (UTC) at which all services search for remains of whoever was erased; privacy only.',
    ),
  HEED_PROCESSOR_TOKENS: z
    .string()
    .default('')
    .transform((value, context) => {
      const pairs = value.split(',').filter((part) => part.trim() !== '');
      const read = pairs.map((part) => /^\s*(https?:\/\/[^\s=\/]+)=(\S+)\s*$/.exec(part));
      if (read.some((pair) => !pair || !URL.canParse(pair[1]!))) {
        context.issues.push({ code: 'custom', input: '', message: 'not a list of tokens' });
        return z.NEVER;
      }
      return new Map(read.map((pair) => [new URL(pair![1]!).origin, pair![2]!]));
    })
    .describe(
      'Bearer tokens for the deletion APIs of processors: ORIGIN=TOKEN separated by commas, as in https://dsr.example=TOKEN; privacy only.',
    )
    .meta({ secret: true }),
  HEED_ANSWERING_SERVICES: z
    .string()
    .default(SERVICES.join(','))
    .transform((value) => value.split(','))
    .refine((names) => names.length > 0 && names.every(isServiceName))
    .describe(
      'Services that hold personal data: each must answer every request. Fewer than all in tests only.',
    ),
});

export type PrivacySettings = z.infer<typeof privacySettings>;

/** A service that is left out is a store that is skipped: no installation may do so, a spec may. */
export function demandAllAnswer({ HEED_ENV, HEED_ANSWERING_SERVICES }: PrivacySettings): void {
  const left = SERVICES.filter((service) => !HEED_ANSWERING_SERVICES.includes(service));
  if (HEED_ENV !== 'production' || left.length === 0) return;
  throw new DomainError('SETTINGS_INVALID', 'failed-precondition', {
    message: `HEED_ANSWERING_SERVICES leaves out ${left.join(', ')}: in production every service must answer`,
    violations: [{ field: 'HEED_ANSWERING_SERVICES', reason: 'not valid' }],
  });
}
