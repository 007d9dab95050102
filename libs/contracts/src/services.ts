/** The six services. The names are those of databases, topics, tokens and folders. */
export const SERVICES = ['identity', 'contacts', 'campaigns', 'telephony', 'messaging', 'privacy'] as const;

export type ServiceName = (typeof SERVICES)[number];

export function isServiceName(name: string): name is ServiceName {
  return (SERVICES as readonly string[]).includes(name);
}
