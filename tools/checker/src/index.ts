export { checkInstallation, type Databases, type Finding } from './check-installation.js';
