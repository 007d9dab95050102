import { addressPattern } from '../outside/address-pattern.js';
import { type EventLog } from '../outside/event-log.js';
import { wallTimeMs } from '../outside/wall-time.js';
import { usualBehaviour, type Behaviour, type Call, type CallRequest, type EndReason } from './call.js';
import { type Webhooks } from './webhooks.js';

/** A line of the simulator's log: when a phone began to ring, and what became of it. */
export interface CallEvent {
  event: 'invite' | 'answered' | 'pressed' | 'ended' | 'recording-read' | 'recording-deleted';
  /** Wall time in milliseconds, with a fraction. */
  at: number;
  call_id: string;
  to: string;
  end_reason?: EndReason;
}

interface Line {
  call: Call;
  behaviour: Behaviour;
  answeredAt?: number;
  talkedMs: number;
  timer?: NodeJS.Timeout;
  /** Presses the keys of the behaviour. */
  finger?: NodeJS.Timeout;
}

/** The calls in the simulated network: each rings, is answered or not, and ends, in its own time. */
export class Exchange {
  private readonly lines = new Map<string, Line>();
  private list: { behaviour: Behaviour; fits: RegExp }[] = [];

  constructor(
    private readonly log: EventLog<CallEvent>,
    private readonly webhooks: Webhooks,
  ) {}

  get behaviours(): Behaviour[] {
    return this.list.map(({ behaviour }) => behaviour);
  }

  behave(behaviours: Behaviour[]): void {
    this.list = behaviours.map((behaviour) => ({ behaviour, fits: addressPattern(behaviour.to) }));
  }

  calls(to?: string): Call[] {
    return [...this.lines.values()]
      .map(({ call }) => call)
      .filter((call) => to === undefined || call.to === to);
  }

  call(id: string): Call | undefined {
    return this.lines.get(id)?.call;
  }

  /** How long the recording of an ended call is; nothing where there is none. */
  recordedMs(id: string): number | undefined {
    const line = this.lines.get(id);
    return line?.call.has_recording ? line.talkedMs : undefined;
  }

  invite(request: CallRequest): Call {
    const behaviour = this.list.find(({ fits }) => fits.test(request.to))?.behaviour ?? usualBehaviour;
    const at = wallTimeMs();
    const call: Call = {
      ...request,
      state: 'ringing',
      created_at: new Date(at).toISOString(),
      has_recording: false,
    };
    const line: Line = { call, behaviour, talkedMs: 0 };
    this.lines.set(call.call_id, line);
    this.log.append({ event: 'invite', at, call_id: call.call_id, to: call.to });
    this.webhooks.tell(call);
    line.timer = setTimeout(() => {
      if (behaviour.outcome === 'answer') this.answer(line);
      else this.end(line, behaviour.outcome);
    }, behaviour.ring_ms);
    return call;
  }

  /** The caller hangs up: a ringing phone stops, a conversation ends. */
  hangUp(id: string): Call | undefined {
    const line = this.lines.get(id);
    if (!line) return undefined;
    if (line.call.state !== 'ended') this.end(line, line.call.state === 'ringing' ? 'cancelled' : 'hung-up');
    return line.call;
  }

  /** Whoever is called does not let it ring to the end. */
  pickUp(id: string): void {
    const line = this.lines.get(id);
    if (line?.call.state !== 'ringing') return;
    clearTimeout(line.timer);
    this.answer(line);
  }

  /** Whoever was called has said enough. */
  putDown(id: string): void {
    const line = this.lines.get(id);
    if (line?.call.state === 'answered') this.end(line, 'completed');
  }

  /** Whoever was called presses keys of their telephone. */
  press(id: string, keys: string): void {
    const line = this.lines.get(id);
    if (line?.call.state !== 'answered') return;
    const { call } = line;
    call.keys = (call.keys ?? '') + keys;
    this.log.append({ event: 'pressed', at: wallTimeMs(), call_id: id, to: call.to });
    this.webhooks.tell(call);
  }

  noteRecording(id: string, event: 'recording-read' | 'recording-deleted'): void {
    const call = this.lines.get(id)?.call;
    if (!call) return;
    if (event === 'recording-deleted') call.has_recording = false;
    this.log.append({ event, at: wallTimeMs(), call_id: id, to: call.to });
  }

  close(): void {
    for (const { timer, finger } of this.lines.values()) [timer, finger].forEach((one) => clearTimeout(one));
  }

  private answer(line: Line): void {
    const at = wallTimeMs();
    line.answeredAt = at;
    line.call.state = 'answered';
    line.call.answered_at = new Date(at).toISOString();
    this.log.append({ event: 'answered', at, call_id: line.call.call_id, to: line.call.to });
    this.webhooks.tell(line.call);
    const { talk_ms, keys, press_ms } = line.behaviour;
    line.timer = setTimeout(() => this.end(line, 'completed'), talk_ms);
    if (keys) line.finger = setTimeout(() => this.press(line.call.call_id, keys), press_ms);
  }

  private end(line: Line, reason: EndReason): void {
    clearTimeout(line.timer);
    clearTimeout(line.finger);
    const at = wallTimeMs();
    const { call } = line;
    call.state = 'ended';
    call.end_reason = reason;
    call.ended_at = new Date(at).toISOString();
    if (line.answeredAt !== undefined) {
      line.talkedMs = at - line.answeredAt;
      call.has_recording = true;
    }
    this.log.append({ event: 'ended', at, call_id: call.call_id, to: call.to, end_reason: reason });
    this.webhooks.tell(call);
  }
}
