import { type INestApplication, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { DomainError } from '@heed/kernel';
import { ACCESS, type Access } from './access.js';

export interface Route {
  controller: string;
  handler: string;
  access: Access | undefined;
}

/** Controllers of the application, those of gRPC included. */
export function controllersOf(app: INestApplication): Type<object>[] {
  return [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype as Type<object>),
  );
}

/** Every HTTP route of the application, with what was said about who may use it. */
export function routesOf(app: INestApplication): Route[] {
  const reflector = new Reflector();
  const scanner = new MetadataScanner();
  return controllersOf(app).flatMap((type) => {
    const prototype = type.prototype as Record<string, object>;
    return scanner
      .getAllMethodNames(prototype)
      .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]!))
      .filter((name) => Reflect.hasMetadata(PATH_METADATA, prototype[name]!))
      .map((name) => ({
        controller: type.name,
        handler: name,
        access: reflector.getAllAndOverride<Access | undefined>(ACCESS, [prototype[name] as never, type]),
      }));
  });
}

/** A route that nobody said who may use is not served, and nor is the service that has it. */
export function demandAccess(routes: readonly Route[]): void {
  const open = routes.filter((route) => route.access === undefined);
  if (open.length === 0) return;
  const names = open.map(({ controller, handler }) => `${controller}.${handler}`).join(', ');
  throw new DomainError('ROUTE_WITHOUT_ACCESS', 'failed-precondition', {
    message: `say who may use them, by @HttpPermission(...), @AnyMemberRoute() or @PublicRoute(): ${names}`,
  });
}
