import { type MethodDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { type RpcRule, rpcRules } from '@heed/contracts';
import { DomainError } from '@heed/kernel';

type Method = MethodDefinition<object, object>;

/** Stands for a request whose bytes could not be read, so that the answer can say so with a reason. */
export const MALFORMED: object = Object.freeze({});

/** `heed.contacts.v1.ConsentService` of its definition. */
export function serviceNameOf(definition: ServiceDefinition): string {
  const [first] = Object.values(definition);
  if (first === undefined) throw new TypeError('a gRPC service without methods');
  return first.path.split('/')[1]!;
}

/** The definition with readers that never throw. grpc-js would answer INTERNAL, as if the fault were ours. */
export function tolerant(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition as Record<string, Method>).map(([name, method]) => [
      name,
      {
        ...method,
        requestDeserialize: (bytes: Buffer) => {
          try {
            return method.requestDeserialize(bytes);
          } catch {
            return MALFORMED;
          }
        },
      },
    ]),
  );
}

/** An RPC that nobody said who may call is not served, and nor is the service that holds it. */
export function ruleOf(path: string): RpcRule {
  const rule = rpcRules[path];
  if (rule !== undefined) return rule;
  throw new DomainError('RPC_WITHOUT_RULE', 'failed-precondition', {
    message: `${path} has no (heed.options.v1.rule): say in its proto who may call it`,
  });
}
