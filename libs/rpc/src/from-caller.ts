import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Caller } from '@heed/kernel';
import { type CallScope } from './call-scope.js';

/** The caller, as the token says. `recordOptOut(@Payload() request: RecordOptOutRequest, @FromCaller() caller: Caller)` */
export const FromCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => context.switchToRpc().getContext<CallScope>().caller,
);

/** One metadata value of the call; undefined where it was not sent. */
export const FromMetadata = createParamDecorator(
  (key: string, context: ExecutionContext): string | undefined => {
    const value = context.switchToRpc().getContext<CallScope>().metadata.get(key)[0];
    return typeof value === 'string' ? value : undefined;
  },
);
