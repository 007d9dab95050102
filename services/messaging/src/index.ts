export { messaging } from './service.js';
