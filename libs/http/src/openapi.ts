import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, Reflector } from '@nestjs/core';
import { z } from 'zod';
import { ACCESS, type Access } from './access.js';
import { type AnswerDescription, DESCRIPTION, type RouteDescription } from './describe.js';

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, object>>;
  components: object;
}

const bearer = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'An access token of identity: from a sign-in, or for an API key (POST /v1/tokens).',
};

/** SPEC: RFC 9457, with Heed's own members. */
const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    reason: z.string().describe('Stable: programs compare this.'),
    violations: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    trace_id: z.string().optional(),
  })
  .describe('Why a request was refused.');

/** What the controllers say about their routes, as OpenAPI 3.1. */
export function openApiOf(
  service: string,
  version: string,
  controllers: readonly Type<object>[],
): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const { method, path, operation } of controllers.flatMap((type) => operationsOf(type, service))) {
    paths[path] = { ...paths[path], [method]: operation };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `Heed ${service}, HTTP edge`,
      version,
      description: 'What comes in from outside. Everything else is gRPC, which reflection describes.',
    },
    servers: [{ url: '/' }],
    tags: [{ name: service, description: `Routes of ${service}.` }],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: { bearer },
      schemas: { Problem: schemaOf(problem, 'output') },
      responses: {
        Problem: {
          description: 'Refused; `reason` says why.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

/** Routes that no document names: `npm run docs` refuses them. */
export function undescribedRoutes(controllers: readonly Type<object>[]): string[] {
  return controllers.flatMap((type) =>
    handlersOf(type)
      .filter(({ handler }) => !new Reflector().get(DESCRIPTION, handler))
      .map(({ name }) => `${type.name}.${name}`),
  );
}

function handlersOf(controller: Type<object>): { name: string; handler: () => unknown }[] {
  const prototype = controller.prototype as Record<string, () => unknown>;
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .map((name) => ({ name, handler: prototype[name]! }))
    .filter(({ handler }) =>
      [METHOD_METADATA, PATH_METADATA].every((key) => Reflect.hasMetadata(key, handler)),
    );
}

function operationsOf(controller: Type<object>, service: string) {
  const reflector = new Reflector();
  const base = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
  return handlersOf(controller).flatMap(({ name, handler }) => {
    const description = reflector.get<RouteDescription | undefined>(DESCRIPTION, handler);
    if (!description) return [];
    const access = reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, controller]);
    const route = [base, String(Reflect.getMetadata(PATH_METADATA, handler))].join('/');
    const path = `/${route.split('/').filter(Boolean).join('/')}`;
    return [
      {
        method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!.toLowerCase(),
        path: path.replaceAll(/:(\w+)/g, '{$1}'),
        operation: operationOf(`${service}.${name}`, service, description, access, path),
      },
    ];
  });
}

function operationOf(
  operationId: string,
  service: string,
  { summary, parts = {}, body, answers }: RouteDescription,
  access: Access | undefined,
  path: string,
): object {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  return {
    ...{ operationId, summary, description: accessOf(access), tags: [service] },
    security: access && 'public' in access ? [] : [{ bearer: [] }],
    ...(names.length > 0 && {
      parameters: names.map((name) => ({
        ...{ name, in: 'path', required: true, description: parts[name] ?? name },
        schema: { type: 'string', ...(name.endsWith('Id') && { format: 'uuid' }) },
      })),
    }),
    ...(body !== undefined && { requestBody: { required: true, content: contentOf(body, 'input') } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function accessOf(access: Access | undefined): string {
  if (!access) return '';
  if ('public' in access) return 'Everybody.';
  if ('anyMember' in access) return 'Every member.';
  return `Needs the permission \`${access.permission}\`.`;
}

function responseOf({ says, body }: AnswerDescription): object {
  return { description: says, ...(body !== undefined && { content: contentOf(body, 'output') }) };
}

function contentOf(body: z.ZodType | string, io: 'input' | 'output'): object {
  if (typeof body === 'string') return { [body]: { schema: { type: 'string' } } };
  return { 'application/json': { schema: schemaOf(body, io) } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}
