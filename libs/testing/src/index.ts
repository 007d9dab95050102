export { testParts, testPostgres, type TestPartName, type TestParts } from './parts.js';
export { createTestDatabase, type TestDatabase } from './database.js';
export { TestClock } from './clock.js';
export { deferred, gate, type Deferred, type Gate } from './gate.js';
export { blocked } from './blocked.js';
