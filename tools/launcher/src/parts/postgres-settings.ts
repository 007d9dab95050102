export const postgresMajor = 18;

/**
 * A server's own log and statistics can keep what an erasure removed: errors quote values (verbosity, failed
 * statements, parameters). Commit timestamps are what the story measures an opt-out's silence from.
 */
export const postgresSettings: Record<string, string> = {
  track_commit_timestamp: 'on',
  log_error_verbosity: 'terse',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
};

export const embeddedTuning: Record<string, string> = {
  max_connections: '300',
  // The embedded build has no lz4.
  wal_compression: 'pglz',
  // Six services, twelve databases, dozens of connections each held for a moment: the default is made for one.
  max_locks_per_transaction: '128',
  // A fresh installation fills its tables within the minute after which they would first be analysed; until then plans
  // are made for empty ones, and read all of a tenant's rows where an index would find a few.
  autovacuum_naptime: '10s',
};

export const throwAwayTuning: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // 4,096 rounds of PBKDF2 per connection are milliseconds that a test pays thousands of times.
  scram_iterations: '1',
};
