import { type RpcRule, rpcRules, SERVICES } from '@heed/contracts';
import { type ServiceDefinition } from '@heed/service';
import { code, table } from './marked.js';
import { protoComments } from './proto-comments.js';

const SECOND_CALL: Record<RpcRule['idempotency'], string> = {
  safe: 'reads',
  request_id: 'answers as the first did',
  absorbing: 'changes nothing more',
  none: 'does it again',
};

/** Every RPC that the service serves, with what its contract says of it. */
export function rpcsPart({ name, grpc }: ServiceDefinition): string {
  const said = protoComments(`proto/heed/${name}/v1`);
  const paths = grpc.flatMap((service) => Object.values(service).map(({ path }) => path));
  return table(
    ['RPC', 'what', 'who may call', 'a second call'],
    paths.map((path) => {
      const rule = rpcRules[path]!;
      const rpc = path.slice(path.lastIndexOf('.') + 1).replace('/', '.');
      return [code(rpc), said.get(rpc) ?? '', callersOf(rule), SECOND_CALL[rule.idempotency]];
    }),
  );
}

function callersOf(rule: RpcRule): string {
  const { permission, callers, public: anybody, operator, anyMember, participants } = rule;
  return [
    ...(anybody ? ['anybody, without a token'] : []),
    ...(operator ? ['operator'] : []),
    ...(anyMember ? ['every member'] : []),
    ...(participants ? ['participants'] : []),
    ...(permission ? [code(permission)] : []),
    ...(callers.length === SERVICES.length ? ['every service'] : callers),
  ].join(', ');
}
