export { privacy } from './service.js';
