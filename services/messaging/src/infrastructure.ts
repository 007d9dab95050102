import { declareInfrastructure } from '@heed/data-map';

/** Tables of this service that hold nothing about a person. */
export const messagingTables = [
  declareInfrastructure({
    table: 'public.sender',
    description: 'Processes that send, with their heartbeat',
    tenants: 'open',
    columns: {
      sender_id: 'id',
      started_at: 'time',
      beats: 'number',
      beat_at: 'time',
      lost_at: 'time',
      swept_at: 'time',
    },
  }),
  declareInfrastructure({
    table: 'public.sending_tenant',
    description: 'Tenants that ever sent',
    tenants: 'open',
    columns: { tenant_id: 'id', first_at: 'time' },
  }),
  declareInfrastructure({
    table: 'public.standing_deny',
    description: 'Denials that stand and opt-outs that contacts does not know of yet',
    tenants: 'open',
    columns: { tenant_id: 'id', mail_id: 'id', reason: 'code', heard_at: 'time' },
  }),
];
