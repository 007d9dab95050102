import { type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { type Observable } from 'rxjs';
import { BODY, type BodyKind, DEFAULT_BODY } from './body.js';
import { parse, readBytes } from './read-body.js';

/**
 * Reads the body as its route wants it. After the guard: a stranger's body is not worth a parser. And not as Express
 * middleware, which knows no routes and would swallow an upload whose type it happens to know.
 */
export class BodyInterceptor implements NestInterceptor {
  private readonly reflector = new Reflector();

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const kind =
      this.reflector.getAllAndOverride<BodyKind | undefined>(BODY, [
        context.getHandler(),
        context.getClass(),
      ]) ?? DEFAULT_BODY;
    const request = context.switchToHttp().getRequest<Request>();
    if (kind.read !== 'not') {
      const bytes = await readBytes(request, kind.mostBytes);
      request.body = kind.read === 'raw' ? bytes : parse(bytes, request.headers['content-type']);
    }
    return next.handle();
  }
}
