export { testParts, testPostgres, type TestPartName, type TestParts } from './parts.js';
