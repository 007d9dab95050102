export type CallState = 'ringing' | 'answered' | 'ended';

/** Why a call ended, in the words that carriers use. */
export type EndReason = 'completed' | 'hung-up' | 'cancelled' | 'busy' | 'no-answer' | 'failed';

export interface CallRequest {
  /** The caller's own id: the same id is the same call, however often it is asked for. */
  call_id: string;
  to: string;
  from: string;
  /** What is said; the simulator plays tones instead. */
  script: string;
  /** Told of every change of state, in order. */
  webhook_url?: string;
}

export interface Call extends CallRequest {
  state: CallState;
  end_reason?: EndReason;
  created_at: string;
  answered_at?: string;
  ended_at?: string;
  has_recording: boolean;
  /** What the person has pressed since it was answered, in order. */
  keys?: string;
}

/** How a number behaves; the first pattern that fits applies. */
export interface Behaviour {
  /** Number, `*` for any run of characters. */
  to: string;
  outcome: 'answer' | 'busy' | 'no-answer' | 'failed';
  ring_ms: number;
  talk_ms: number;
  /** What is pressed in the conversation, and how long after its beginning. */
  keys?: string;
  press_ms?: number;
}

export const usualBehaviour: Behaviour = { to: '*', outcome: 'answer', ring_ms: 300, talk_ms: 3_000 };

export function parseCallRequest(value: unknown): CallRequest | string {
  const { call_id, to, from, script, webhook_url } = (value ?? {}) as Partial<CallRequest>;
  if (typeof call_id !== 'string' || !/^[\w-]{1,64}$/.test(call_id)) {
    return 'call_id: 1 to 64 letters, digits, - or _ are expected';
  }
  for (const [name, number] of Object.entries({ to, from })) {
    if (typeof number !== 'string' || !/^\+[1-9]\d{6,14}$/.test(number))
      return `${name}: a number in E.164 is expected`;
  }
  if (typeof script !== 'string' || script.length > 10_000)
    return 'script: text of at most 10000 characters is expected';
  if (webhook_url !== undefined && !(typeof webhook_url === 'string' && /^https?:\/\//.test(webhook_url))) {
    return 'webhook_url: an http or https address is expected';
  }
  return { call_id, to: to as string, from: from as string, script, webhook_url };
}

export function parseBehaviours(value: unknown): Behaviour[] | string {
  if (!Array.isArray(value)) return 'a list of behaviours is expected';
  const outcomes = ['answer', 'busy', 'no-answer', 'failed'];
  const behaviours: Behaviour[] = [];
  for (const [index, entry] of value.entries()) {
    const given = { ...usualBehaviour, ...(entry as Partial<Behaviour>) };
    if (typeof given.to !== 'string' || !given.to) return `[${index}].to: a pattern is expected`;
    if (!outcomes.includes(given.outcome))
      return `[${index}].outcome: one of ${outcomes.join(', ')} is expected`;
    const { to, outcome, ring_ms, talk_ms, keys, press_ms = 0 } = given;
    for (const [name, ms] of Object.entries({ ring_ms, talk_ms, press_ms })) {
      if (!Number.isInteger(ms) || ms < 0 || ms > 600_000)
        return `[${index}].${name}: 0 to 600000 is expected`;
    }
    if (keys !== undefined && !(typeof keys === 'string' && /^[0-9*#]{1,32}$/.test(keys))) {
      return `[${index}].keys: 1 to 32 keys of a telephone are expected`;
    }
    behaviours.push({ to, outcome, ring_ms, talk_ms, ...(keys && { keys, press_ms }) });
  }
  return behaviours;
}
