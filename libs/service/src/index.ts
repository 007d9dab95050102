export { defineService, type ServiceDefinition } from './definition.js';
export { type ResyncContext, type ResyncStep } from './resync.js';
export { type OffsiteLog } from './offsite/offsite-log.js';
export { readToEnd } from './read-to-end.js';
export { main } from './main.js';
export { manifestOfService } from './data-map.js';
export { migrationsOf, migrationsOfKeys } from './sources.js';
export { startService, type RunningService, type StartOptions } from './start-service.js';
