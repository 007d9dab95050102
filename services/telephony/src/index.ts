export { telephony } from './service.js';
