import { type FieldViolation } from '@heed/kernel';
import { type FrameSettings } from './frame-settings.js';

/** What must hold between the frame's settings. */
export function frameRules(settings: FrameSettings): FieldViolation[] {
  const violations: FieldViolation[] = [];
  const need = (key: keyof FrameSettings, when: string): void => {
    if (settings[key] === undefined) violations.push({ field: key, reason: `missing, needed with ${when}` });
  };
  if (settings.HEED_BUS === 'kafka') need('KAFKA_BROKERS', 'HEED_BUS=kafka');
  if (settings.HEED_BUS === 'embedded') need('HEED_BUS_SOURCES', 'HEED_BUS=embedded');
  if (settings.KAFKA_SASL_MECHANISM !== undefined) {
    need('KAFKA_SASL_USERNAME', 'KAFKA_SASL_MECHANISM');
    need('KAFKA_SASL_PASSWORD', 'KAFKA_SASL_MECHANISM');
  }
  // Silence would read as "none" in a certificate.
  if (settings.HEED_ENV === 'production')
    need('HEED_COPIES', 'HEED_ENV=production: say none where there are none');
  if (settings.HEED_OFFSITE_ACCESS_KEY_ID !== undefined)
    need('HEED_OFFSITE_SECRET_ACCESS_KEY', 'HEED_OFFSITE_ACCESS_KEY_ID is set');
  if (settings.HEED_MASTER_KEY === undefined) need('HEED_MASTER_KEY_FILE', 'no HEED_MASTER_KEY');
  return violations;
}
