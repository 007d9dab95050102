import { afterEach, describe } from '@jest/globals';
import { BusBench } from './bus-bench.js';
import { cursorBehaviours } from './bus-conformance-cursor.js';
import { deliveryBehaviours } from './bus-conformance-delivery.js';
import { faultBehaviours } from './bus-conformance-faults.js';
import { type BusPlace } from './bus-place.js';

export { BusBench, PARTITIONS, type Told } from './bus-bench.js';
export { GROUP, note, replicaOf, TELLER, typeOf, type Replica } from './bus-place.js';

/** What a driver is and can do; what it cannot is said here, and its behaviour is then asserted to be absent. */
export interface BusUnderTest {
  kind: BusPlace['kind'];
  features: {
    /** It knows from outside the database how far a group once was. */
    marksReplays: boolean;
    /** Members of a group share the partitions; else one of them reads and the others stand by. */
    sharesPartitions: boolean;
  };
  /** Kills the broker (and what else carries events) and brings it back; `brokers` where it is not the test run's own. */
  restart: { brokers?: () => Promise<string[]>; act(bench: BusBench): Promise<void> };
  /** The log is made anew: same name, same length or more, other records. */
  recreate(bench: BusBench): Promise<void>;
  /** The log loses its newest records (an unclean election, a restore). */
  loseTail(bench: BusBench): Promise<void>;
  /** The log loses its oldest records, beyond what the group has read. */
  loseHead(bench: BusBench): Promise<void>;
}

/** On the brokers of the test run, or on these. */
export type OpenBench = (brokers?: string[]) => Promise<BusBench>;

/** Every behaviour that consumers may rely on, for one driver. Each test has databases, topic and group of its own. */
export function busConformance(name: string, bus: BusUnderTest): void {
  describe(`the ${name} bus`, () => {
    const benches: BusBench[] = [];
    afterEach(async () => {
      for (const bench of benches.splice(0)) await bench.close();
    });
    const open: OpenBench = async (brokers) => {
      const bench = await BusBench.open(bus.kind, { brokers });
      benches.push(bench);
      return bench;
    };
    deliveryBehaviours(open, bus);
    faultBehaviours(open, bus);
    cursorBehaviours(open, bus);
  });
}
