import { rpcRules } from './rules.generated.js';

/** Permissions of HTTP routes, which no RPC names. */
const HTTP_PERMISSIONS = ['contacts.import'] as const;

const READS = [
  'contacts.read',
  'lists.read',
  'consent.read',
  'templates.read',
  'campaigns.read',
  'messages.read',
  'replies.read',
  'calls.read',
  'sender_domains.read',
  'provider_connections.read',
];

/**
 * What each role may do. Owners found and staff a tenant; who works requests does not run campaigns, and who runs
 * campaigns does not see addresses (separation of duties).
 */
const PERMISSIONS_BY_ROLE = new Map<string, readonly string[]>(
  Object.entries({
    owner: [
      ...READS,
      'members.manage',
      'members.read',
      'api_keys.manage',
      'api_keys.read',
      'contacts.write',
      'contacts.import',
      'contacts.reveal',
      'lists.write',
      'consent.write',
      'campaigns.approve',
      'consent.opt_out',
      'contact_rules.write',
      'suppression.write',
      'suppression.rotate_key',
      'templates.write',
      'campaigns.write',
      'campaigns.run',
      'campaigns.resolve',
      'calls.place',
      'calls.listen',
      'messages.reveal',
      'messages.send',
      'replies.decide',
      'sender_domains.write',
      'provider_connections.manage',
      'requests.read',
      'requests.write',
      'requests.hand_over',
      'review_rules.write',
      'datamap.read',
      'audit.read',
    ],
    admin: [
      ...READS,
      'provider_connections.manage',
      'members.manage',
      'members.read',
      'api_keys.manage',
      'api_keys.read',
      'contacts.write',
      'contacts.import',
      'lists.write',
      'campaigns.approve',
      'consent.opt_out',
      'sender_domains.write',
    ],
    compliance_officer: [
      ...READS,
      'members.read',
      'api_keys.read',
      'contacts.reveal',
      'consent.write',
      'campaigns.approve',
      'consent.opt_out',
      'contact_rules.write',
      'suppression.write',
      'suppression.rotate_key',
      'messages.reveal',
      'replies.decide',
      'calls.listen',
      'requests.read',
      'requests.write',
      'requests.hand_over',
      'datamap.read',
      'audit.read',
    ],
    campaign_manager: [
      ...READS,
      'contacts.write',
      'contacts.import',
      'lists.write',
      'consent.opt_out',
      'templates.write',
      'campaigns.write',
      'campaigns.run',
      'campaigns.resolve',
    ],
    agent: [
      'contacts.read',
      'consent.read',
      'consent.write',
      'consent.opt_out',
      'calls.place',
      'calls.read',
      'messages.read',
      'messages.send',
    ],
    auditor: [...READS, 'members.read', 'api_keys.read', 'requests.read', 'datamap.read', 'audit.read'],
  }),
);

/** Names of the roles that a member can hold. */
export const ROLES: readonly string[] = [...PERMISSIONS_BY_ROLE.keys()];

/** Every permission that some RPC or route names. */
export const PERMISSIONS: readonly string[] = [
  ...new Set([...Object.values(rpcRules).map((rule) => rule.permission), ...HTTP_PERMISSIONS]),
]
  .filter((permission) => permission !== '')
  .sort();

/** What somebody with these roles may do. Unknown roles permit nothing. */
export function permissionsOf(roles: readonly string[]): Set<string> {
  return new Set(roles.flatMap((role) => PERMISSIONS_BY_ROLE.get(role) ?? []));
}
