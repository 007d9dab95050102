import { Client as Transport, credentials, type ServiceDefinition } from '@grpc/grpc-js';
import { type RpcRule, rpcRules } from '@heed/contracts';

const MEGABYTE = 1024 * 1024;
const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': 16 * MEGABYTE,
  'grpc.max_send_message_length': 4 * MEGABYTE,
  // A service that was killed is back within 2 s; the default would look again after up to two minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // By default all clients of a process share what they know of an address: a new one would be refused, without a try,
  // for as long as an older one waits before it tries again.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 5_000,
};
// 50 ms, 100 ms, 200 ms and a random part of each: a restart takes longer, a reconnect does not.
const RETRY_POLICY = {
  maxAttempts: 4,
  initialBackoff: '0.05s',
  maxBackoff: '1s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE'],
};
const ROUND_ROBIN = [{ round_robin: {} }];

const MAY_REPEAT: Record<RpcRule['idempotency'], boolean> = {
  safe: true,
  request_id: true,
  absorbing: true,
  none: false,
};

/**
 * Connections of a client, two kinds of them. Retries are a matter of the channel in grpc-js, and an unasked one
 * ("transparent") happens on any channel that has them on at all. So whatever must not be sent twice has a channel
 * with retries off, one for each gRPC service: a permit must be read after the question that the sender timed (ATTACKS
 * 2.9), and stands in no queue behind others' answers.
 */
export class Channels {
  private readonly open = new Map<string, Transport>();

  constructor(private readonly target: string) {}

  for(path: string, definition: ServiceDefinition): Transport {
    const repeats = MAY_REPEAT[rpcRules[path]?.idempotency ?? 'none'];
    const service = path.split('/')[1]!;
    const name = repeats ? `retrying ${service}` : `strict ${service}`;
    let channel = this.open.get(name);
    if (channel === undefined) {
      const options = repeats ? retrying(service, definition) : STRICT;
      channel = new Transport(this.target, credentials.createInsecure(), { ...CHANNEL_OPTIONS, ...options });
      this.open.set(name, channel);
    }
    return channel;
  }

  close(): void {
    for (const channel of this.open.values()) channel.close();
    this.open.clear();
  }
}

const STRICT = {
  'grpc.enable_retries': 0,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: ROUND_ROBIN }),
};

function retrying(service: string, definition: ServiceDefinition): Record<string, string | number> {
  const repeatable = Object.values(definition).filter(
    ({ path }) => MAY_REPEAT[rpcRules[path]?.idempotency ?? 'none'],
  );
  const name = repeatable.map(({ path }) => ({ service, method: path.split('/')[2] }));
  return {
    'grpc.enable_retries': 1,
    'grpc.service_config': JSON.stringify({
      loadBalancingConfig: ROUND_ROBIN,
      methodConfig: [{ name, retryPolicy: RETRY_POLICY }],
    }),
  };
}
