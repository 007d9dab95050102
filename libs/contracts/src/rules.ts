/** Who may call an RPC, and what a second call does (proto option `heed.options.v1.rule`). */
export interface RpcRule {
  /** Full name of the request's message. */
  request: string;
  /** Permission that a member needs; empty where no member may call by permission. */
  permission: string;
  /** Services that may call with a service token. */
  callers: string[];
  idempotency: 'safe' | 'request_id' | 'none' | 'absorbing';
  /** Anybody, without a token. */
  public: boolean;
  /** The operator of the installation. */
  operator: boolean;
  /** Any member, about themself. */
  anyMember: boolean;
  /** Enrolled participants: services that are none of ours. */
  participants: boolean;
  /** The answer holds direct identifiers or contents: the read is recorded. */
  revealsPersonalData: boolean;
}

/** What a field may hold (proto option `heed.options.v1.field`), with its shape. */
export interface FieldRule {
  required?: boolean;
  uuid?: boolean;
  /** Characters of text, octets of bytes, elements of a list. */
  maxLength?: number;
  /** Must match the whole text. */
  pattern?: string;
  min?: number;
  max?: number;
  /** Category of personal data. */
  personal?: string;
  /** Message that a bytes field holds in encoded form. */
  embeds?: string;
  /** A time as RFC 3339 has it. */
  time?: boolean;
  /** Full name of the message that the field holds. */
  message?: string;
  /** Numbers of the enum that the field holds: another one is unknown here. */
  enum?: number[];
  list?: boolean;
  map?: boolean;
  /** Name of the oneof that the field belongs to. */
  oneof?: string;
}

/** Where an event goes (proto option `heed.options.v1.event`). Field names are those of the generated code. */
export interface EventRule {
  name: string;
  /** `*` stands for the name of the publishing service. */
  topic: string;
  key: string;
  subject?: string;
  ordered: boolean;
}
