import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Caller } from '@heed/kernel';
import { callerOf } from './http-guard.js';

/** The caller, as the token says: `upload(@FromCaller() caller: Caller)`. */
export const FromCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<object>()),
);
