export { campaigns } from './service.js';
