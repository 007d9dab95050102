/**
 * Who asks, as an edge (gRPC or HTTP) established it from a token. Nothing in it comes from a request's body: a tenant
 * that a body names is a tenant that anybody can name.
 */
export interface Caller {
  kind: 'member' | 'api_key' | 'operator' | 'service' | 'participant' | 'public';
  /** NIL_UUID for those who stand outside tenants: the operator, the public, a service about no tenant. */
  tenantId: string;
  /** Id of the member, API key or operator, name of the service or participant, `public`. */
  actorId: string;
  /** Name of the service, where one calls. */
  service?: string;
  /** Id of the member for whom a service acts, or who made the API key; for the audit log, it permits nothing. */
  onBehalfOf?: string;
  /** What the member's roles or the key's scopes permit. Empty for services, which are named in the rule of each RPC. */
  permissions: ReadonlySet<string>;
  /** The request's own id, where it has one. */
  requestId?: string;
  /** When the answer is of no more use, by the Clock. */
  deadline: Date;
  /** `/heed.contacts.v1.ConsentService/RecordOptOut`, or `POST /v1/lists/:listId/imports`. */
  method: string;
}
