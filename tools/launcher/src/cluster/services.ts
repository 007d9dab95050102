export const serviceNames = [
  'identity',
  'contacts',
  'campaigns',
  'telephony',
  'messaging',
  'privacy',
] as const;

export type ServiceName = (typeof serviceNames)[number];

/** Where a service listens; kept between runs, so that an address once copied stays right. */
export interface ServicePorts {
  grpc: number;
  http: number;
  /** Where messaging takes mail that comes back. */
  smtp?: number;
}
