import { Inject, Injectable } from '@nestjs/common';
import { type telephonyV1 } from '@heed/contracts';
import { CLOCK, timeSpan, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { readPage } from '@heed/rpc';
import { refusal } from '../errors.js';
import { RecordingStore } from '../recordings/recording.store.js';
import { type RecordingState } from '../recordings/recording.js';
import { type CallEntity } from './call.entity.js';
import { callMessage, outcomeOf, stateOf } from './call-message.js';
import { CallPageStore } from './call-page.store.js';

interface Look {
  call: telephonyV1.Call;
  /** Nothing more will change. */
  isFinal: boolean;
}

/** How late a watcher sees a change, at worst. */
const LOOK_MS = 200;

@Injectable()
export class ReadCalls {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly calls: CallPageStore,
    private readonly recordings: RecordingStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get(tenantId: string, callId: string): Promise<telephonyV1.Call> {
    const found = await this.look(tenantId, callId);
    if (!found) throw refusal('CALL_NOT_FOUND');
    return found.call;
  }

  list(tenantId: string, request: telephonyV1.ListCallsRequest): Promise<telephonyV1.ListCallsResponse> {
    const { contactId, reason, placedBy, createdAfter, createdBefore } = request;
    const filter = {
      ...{ contactId, reason, placedBy, state: stateOf(request.state), outcome: outcomeOf(request.outcome) },
      created: timeSpan('created', createdAfter, createdBefore),
    };
    return this.uow.run(tenantId, async (tx) => {
      const { rows, nextPageToken } = await readPage(
        request,
        { of: (row: CallEntity) => row.rowId },
        (after, limit) => this.calls.page(tx, filter, after, limit),
      );
      const states = await this.recordingStates(tx, rows);
      const calls = rows.map((row) => callMessage(row, states.get(row.callId ?? '') === 'stored'));
      return { calls, nextPageToken };
    });
  }

  /** The call now and whenever it has changed, until it has ended and its recording is kept or lost. */
  async *watch(tenantId: string, callId: string, signal: AbortSignal): AsyncGenerator<telephonyV1.Call> {
    let told = '';
    let found = await this.look(tenantId, callId);
    if (!found) throw refusal('CALL_NOT_FOUND');
    // Where the person is erased meanwhile there is nothing more to tell.
    for (; found && !signal.aborted; found = await this.look(tenantId, callId)) {
      const { call, isFinal } = found;
      const now = `${call.state} ${call.recorded}`;
      if (now !== told) yield call;
      if (isFinal) return;
      told = now;
      await this.clock.wait(LOOK_MS, signal).catch(() => undefined);
    }
  }

  private look(tenantId: string, callId: string): Promise<Look | undefined> {
    return this.uow.run(tenantId, async (tx) => {
      const row = await this.calls.find(tx, callId);
      if (!row) return undefined;
      const recording = (await this.recordingStates(tx, [row])).get(callId);
      return {
        call: callMessage(row, recording === 'stored'),
        isFinal: row.state === 'ended' && recording !== 'expected',
      };
    });
  }

  private recordingStates(tx: Tx, rows: readonly CallEntity[]): Promise<Map<string, RecordingState>> {
    return this.recordings.statesOf(
      tx,
      rows.flatMap(({ callId }) => callId ?? []),
    );
  }
}
