import { type ServiceDefinition } from '@grpc/grpc-js';
import { rpcRules } from '@heed/contracts';
import { type Clock, systemClock } from '@heed/kernel';
import { Channels } from './channels.js';
import { type Client, type MemberCallOptions } from './client-types.js';
import { clientOf } from './outgoing-call.js';

export interface MemberClientOptions {
  /** `dns:///host:port` of the service, or host:port. */
  target: string;
  /** The member's token, or how to get one that has not expired. Not needed for public RPCs. */
  token?: string | (() => string | Promise<string>);
  clock?: Pick<Clock, 'now'>;
}

export interface MemberClient {
  of<Definition extends ServiceDefinition>(definition: Definition): Client<Definition, MemberCallOptions>;
  close(): void;
}

/** As long as a server gives a member who sets no deadline: people wait longer than services, which have callers of their own. */
const PATIENCE_MS = 30_000;

/** The public API as a member or operator uses it: the command line, the story, tests. */
export function memberClient({ target, token, clock = systemClock }: MemberClientOptions): MemberClient {
  const channels = new Channels(target.includes('://') ? target : `dns:///${target}`);
  return {
    of: (definition) =>
      clientOf(definition, {
        channels,
        clock,
        timeoutMs: PATIENCE_MS,
        token: async (path) => {
          if (rpcRules[path]?.public) return undefined;
          return typeof token === 'function' ? token() : token;
        },
        failure: (error) => error,
      }),
    close: () => channels.close(),
  };
}
