import { SETTINGS } from '@heed/config';
import { type RunningService } from '@heed/service';

/** The settings of a service that runs, as an environment for a process beside it: what was read is written again. */
export function environmentOf(service: RunningService): Record<string, string> {
  const settings = service.get<Record<string, unknown>>(SETTINGS);
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, textOf(value)]),
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, url]) => `${name}=${String(url)}`)
    .join(',');
}
