export { AnyMemberRoute, HttpPermission, PublicRoute, type Access } from './access.js';
export { BodyLimit, RawBody, StreamedBody } from './body.js';
export { FromCaller } from './from-caller.js';
export { drainHttp, listenHttp, prepareHttpEdge, type HttpEdgeOptions } from './http-edge.js';
export { callerOf, HttpGuard, type MemberVerifier } from './http-guard.js';
export { problemOf, type Problem } from './problem.js';
export { limited } from './read-body.js';
export { demandAccess, routesOf, type Route } from './routes.js';
export { valid } from './valid.js';
