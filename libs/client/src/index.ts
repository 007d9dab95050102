export { endpointsOf, type Endpoints } from './endpoints.js';
export { HeedClient } from './heed-client.js';
export { callHttp, type HttpCall } from './http-edge.js';
export { importFile } from './import-file.js';
export {
  acceptInvitation,
  exchangeApiKey,
  keptSession,
  refresh,
  signIn,
  type Session,
  type SignIn,
} from './session.js';
