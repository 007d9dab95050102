export { testParts, testPostgres, type TestPartName, type TestParts } from './parts.js';
export { createTestDatabase, type TestDatabase } from './database.js';
export { TestClock } from './clock.js';
export { deferred, gate, type Deferred, type Gate } from './gate.js';
export { blocked } from './blocked.js';
export { PermitOffice } from './permit-office.js';
export { objectStoreConformance, type ObjectStoreDriver } from './object-store-conformance.js';
