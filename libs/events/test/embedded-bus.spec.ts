import { busConformance, type BusBench } from '@heed/testing/bus-conformance';

busConformance('embedded', {
  kind: 'embedded',
  // One member reads an outbox and the others stand by; and no one outside the database knows how far it was.
  features: { marksReplays: false, sharesPartitions: false },
  restart: {
    act: async (bench) => {
      await endConnections(bench, 'telling');
      await endConnections(bench, 'told');
    },
  },
  recreate: async (bench) => {
    await bench.sql('telling', 'truncate heed.outbox restart identity');
    await bench.tell(bench.events({ keys: 100, each: 5 }));
  },
  // The producer went back to before what we have read: seen from here, our snapshot lies in its future.
  loseTail: async (bench) => {
    await bench.sql('told', `update heed.inbox_cursor set position = '9000000000:9000000000:'`);
  },
  loseHead: async (bench) => {
    await bench.sql(
      'telling',
      `update heed.outbox_horizon set (xid, seq) = (select max(xid), max(seq) from heed.outbox);
       truncate heed.outbox`,
    );
  },
});

/** What a restart of the server does to everybody; the superuser's own connection and the bench's ear are spared. */
async function endConnections(bench: BusBench, where: 'telling' | 'told'): Promise<void> {
  await bench.sql(
    where,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename ~ '_(service|relay|bus)$'`,
  );
}
