import { frameSettings, settingsTable, type SettingsRow } from '@heed/config';
import { type ServiceDefinition } from '@heed/service';
import { hostname } from 'node:os';
import { code, table } from './marked.js';

/** Every setting of every service: those of all first, then each service's own and what it demands beyond the others. */
export function settingsPart(definitions: readonly ServiceDefinition[]): string {
  const common = settingsTable(frameSettings).map((row) => ['all', ...cellsOf(row)]);
  const own = definitions.flatMap(({ name, settings }) =>
    settingsTable(settings ?? frameSettings)
      .filter(({ key }) => settings && settings.shape[key] !== frameSettings.shape[key as keyof FrameShape])
      .map((row) => [name, ...cellsOf(row)]),
  );
  // What one service demands or extends is said in its own row alone.
  const owned = new Set(own.map(([, key]) => key));
  const rows = [...common.filter(([, key]) => !owned.has(key)), ...own];
  return table(
    ['setting', 'service', 'when absent', 'meaning'],
    rows.map(([service = '', key = '', absent = '', meaning = '']) => [key, service, absent, meaning]),
  );
}

type FrameShape = (typeof frameSettings)['shape'];

function cellsOf({ key, description, required, secret, fallback }: SettingsRow): string[] {
  const absent = required
    ? '**refuses to start**'
    : fallback === undefined
      ? 'nothing'
      : fallbackOf(fallback);
  return [code(key), absent, secret ? `${description} Secret.` : description];
}

function fallbackOf(value: string): string {
  if (value === '') return 'empty';
  return value === hostname() ? 'name of the host' : code(value);
}
