import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openApiOf, undescribedRoutes } from '@heed/http';
import { type ServiceDefinition } from '@heed/service';
import { type DynamicModule, type Type } from '@nestjs/common';
import { root } from './place.js';

type Module = Type | DynamicModule;

/** `docs/openapi/<service>.json` of each service with an HTTP edge: what it serves at `/openapi.json`. */
export function openApiFiles(
  definitions: readonly ServiceDefinition[],
  { check }: { check: boolean },
): string[] {
  const { version } = JSON.parse(readFileSync(join(root, 'libs/service/package.json'), 'utf8')) as {
    version: string;
  };
  return definitions
    .filter(({ http }) => http)
    .flatMap(({ name, module }) => {
      const controllers = controllersIn(module);
      const page = `docs/openapi/${name}.json`;
      const text = `${JSON.stringify(openApiOf(name, version, controllers), null, 2)}\n`;
      const missing = undescribedRoutes(controllers).map(
        (route) => `${page}: ${route} says nothing of itself: @Describe(...)`,
      );
      return [...missing, ...kept(page, text, check)];
    });
}

function kept(page: string, text: string, check: boolean): string[] {
  const file = join(root, page);
  if (before(file) === text) return [];
  if (check) return [`${page} is not what the code says: npm run docs`];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`written: ${page}`);
  return [];
}

function before(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** As Nest finds them, without starting anything. */
function controllersIn(module: Module, seen = new Set<Module>()): Type<object>[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const [type, own] = 'module' in module ? [module.module, module] : [module, undefined];
  const of = <T>(key: 'controllers' | 'imports'): T[] => [
    ...((Reflect.getMetadata(key, type) as T[] | undefined) ?? []),
    ...((own?.[key] as T[] | undefined) ?? []),
  ];
  return [
    ...of<Type<object>>('controllers'),
    ...of<Module>('imports').flatMap((imported) => controllersIn(imported, seen)),
  ];
}
