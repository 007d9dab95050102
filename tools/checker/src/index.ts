export { checkInstallation, type Databases, type Finding, type SomeDatabases } from './check-installation.js';
