import { type Manifest } from '@heed/data-map';
import { type Clock, type SigningKey } from '@heed/kernel';
import { type ObjectStore } from '@heed/objects';
import { type UnitOfWork } from '@heed/postgres';
import { type Identifier } from '../probe-forms.js';
import { type Needle } from './needle-forms.js';
import { SearchedTablesStore } from './searched-tables.store.js';
import { sweepDatabase, type Hit } from './sweep-database.js';
import { signSweep, type SweepOpening, type SweepReceipt, type SweepStatement } from './sweep-receipt.js';

/** Somebody who was erased, and what they were reached at. */
export interface Sought {
  tenantId: string;
  requestId: string;
  subjectId: string;
  addresses: (Identifier & { living: boolean })[];
}

/** Where it is asked whom a sweep is for: privacy. */
export interface AskNeedles {
  ofSweep(sweepId: string): Promise<Sought[]>;
}

export interface SignedSweep {
  receipt: SweepReceipt;
  openings: (SweepOpening & { hits: Hit[] })[];
}

export interface RunSweepsParts {
  manifest: Manifest;
  work: UnitOfWork;
  objects: ObjectStore;
  signing: SigningKey;
  needles: AskNeedles;
  clock: Clock;
  pauseMs: number;
}

interface Running {
  sweepId: string;
  stop: AbortController;
  ended: Promise<void>;
  signed?: SignedSweep;
  failed?: { error: unknown };
}

/**
 * Sweeps of one service. What they look for is known to this process alone and to no table of the service: whoever asks
 * after a restart begins anew, and reads everything once more.
 */
export class RunSweeps {
  private readonly tables: SearchedTablesStore;
  private current: Running | undefined;

  constructor(private readonly parts: RunSweepsParts) {
    this.tables = new SearchedTablesStore(parts.manifest);
  }

  /** Begins it where it has not begun. Undefined while it goes on; throws once what made it fail, and then begins anew. */
  run(sweepId: string): SignedSweep | undefined {
    if (this.current?.sweepId !== sweepId) {
      this.current?.stop.abort();
      this.current = this.begin(sweepId);
    }
    const { signed, failed } = this.current;
    if (!failed) return signed;
    this.current = undefined;
    throw failed.error;
  }

  async stop(): Promise<void> {
    this.current?.stop.abort();
    await this.current?.ended;
  }

  private begin(sweepId: string): Running {
    const running: Running = { sweepId, stop: new AbortController(), ended: Promise.resolve() };
    running.ended = this.sweep(sweepId, running.stop.signal).then(
      (signed) => void (running.signed = signed),
      (error: unknown) => void (running.failed = { error }),
    );
    return running;
  }

  private async sweep(sweepId: string, signal: AbortSignal): Promise<SignedSweep> {
    const { manifest, signing, needles, clock } = this.parts;
    const { service } = manifest;
    const people = await needles.ofSweep(sweepId);
    const sought = people.flatMap(({ addresses, ...who }) =>
      addresses.map((address): Needle => ({ ...who, ...address })),
    );
    const swept = await sweepDatabase({ ...this.parts, tables: this.tables, signal }, sought);
    const hitsOf = Map.groupBy(swept.hits, ({ needle }) => sought[needle]!.requestId);
    const at = clock.now();
    const found = people.map(({ addresses, ...who }): { said: SweepStatement; hits: Hit[] } => {
      const hits = hitsOf.get(who.requestId) ?? [];
      const searched = addresses.length > 0 ? swept : { columns: 0, objects: 0 };
      return {
        hits,
        said: {
          ...{ ...who, service, sweepId, at, needles: addresses.length },
          ...{ columns: searched.columns, objects: searched.objects },
          ...{ found: hits.length, excepted: hits.filter(({ living }) => living).length },
        },
      };
    });
    const { receipt, openings } = signSweep(
      { sweepId, service, signedAt: at },
      found.map(({ said }) => said),
      signing,
    );
    return { receipt, openings: openings.map((opening, n) => ({ ...opening, hits: found[n]!.hits })) };
  }
}
