import { declareInfrastructure, type InfrastructureTable } from '@heed/data-map';

/** Who works for the services, and what they were told and said: ids, names of companies and times. */
export const processorTables: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'public.processor',
    description: 'Who stands behind stores of kind processor, and how they are told of erasures',
    tenants: 'open',
    columns: {
      ...{ tenant_id: 'id', store: 'name', name: 'name', how: 'code', url: 'name', domain: 'name' },
      ...{ certificate: 'payload', regulation: 'code', contact: 'name', set_at: 'time' },
    },
  }),
  declareInfrastructure({
    table: 'public.processor_order',
    description: 'Erasures that processors must be told of, by a number that leads to nobody',
    tenants: 'wall',
    columns: {
      ...{ tenant_id: 'id', processor_order_id: 'id', request_id: 'id', store: 'name', name: 'name' },
      ...{ channels: 'code', handed_over: 'number', state: 'code', said_by: 'code', reference: 'name' },
      ...{ created_at: 'time', told_at: 'time', expected_by: 'time', answered_at: 'time' },
      ...{ problem: 'code', failures: 'number', needs_person: 'flag' },
    },
  }),
  declareInfrastructure({
    table: 'public.processor_answer',
    description: 'What certificates say of what processors were told and answered',
    tenants: 'wall',
    columns: {
      ...{ tenant_id: 'id', processor_order_id: 'id', answer_no: 'number' },
      ...{ statement: 'payload', salt: 'digest', leaf: 'number' },
    },
  }),
];
