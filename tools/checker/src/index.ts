export { checkInstallation, type Databases, type SomeDatabases } from './check-installation.js';
export { type Finding } from './finding.js';
