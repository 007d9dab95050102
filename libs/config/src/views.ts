import { DomainError } from '@heed/kernel';
import { type z } from 'zod';
import { type FrameSettings } from './frame-settings.js';

const ROLES = ['owner', 'service', 'eraser', 'relay', 'import', 'probe', 'bus'] as const;

/** The password of each database role that has one. */
export function databasePasswords(settings: FrameSettings): Partial<Record<(typeof ROLES)[number], string>> {
  const passwords: Partial<Record<(typeof ROLES)[number], string>> = {};
  for (const role of ROLES) {
    const own = settings[`HEED_DATABASE_PASSWORD_${role.toUpperCase() as Uppercase<typeof role>}`];
    const password = own ?? settings.HEED_DATABASE_PASSWORD;
    if (password !== undefined) passwords[role] = password;
  }
  return passwords;
}

/** The gRPC target of another service. */
export function grpcTargetOf(settings: FrameSettings, service: string): string {
  const key = `HEED_${service.toUpperCase()}_GRPC`;
  const target = (settings as Record<string, unknown>)[key];
  if (typeof target === 'string') return target;
  throw new DomainError('SETTINGS_INVALID', 'failed-precondition', {
    message: `${key} is missing: this service calls ${service}`,
    violations: [{ field: key, reason: 'missing' }],
  });
}

export interface ListenAddress {
  host: string;
  port: number;
}

export function listenAddress(value: string): ListenAddress {
  const at = value.lastIndexOf(':');
  return { host: value.slice(0, at), port: Number(value.slice(at + 1)) };
}

export interface SettingsRow {
  key: string;
  description: string;
  required: boolean;
  secret: boolean;
  fallback?: string;
}

/** The settings as rows, for docs/settings.md. */
export function settingsTable(schema: z.ZodObject): SettingsRow[] {
  return Object.entries(schema.shape).map(([key, field]) => {
    const type = field as z.ZodType;
    const absent = type.safeParse(undefined);
    const fallback = absent.success ? absent.data : undefined;
    return {
      key,
      description: type.description ?? '',
      required: !absent.success,
      secret: type.meta()?.['secret'] === true,
      ...(fallback === undefined ? {} : { fallback: String(fallback) }),
    };
  });
}
