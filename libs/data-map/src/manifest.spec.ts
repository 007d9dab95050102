import { describe, expect, it } from '@jest/globals';
import {
  asItWas,
  declareInfrastructure,
  declareStore,
  isGenuine,
  manifestOf,
  NotPersonal,
  Personal,
  personalColumnsOf,
  retain,
  SubjectData,
  subjectTablesOf,
  TenantData,
  type DataCategory,
  type EntityShape,
  type SubjectDataOptions,
} from './index.js';

@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: 'correct' })
class Endpoint {
  @Personal({ category: 'user.contact.email', purpose: 'marketing.communications.email' })
  address!: string;
  @NotPersonal()
  channel!: string;
}

@TenantData()
class List {
  @NotPersonal()
  name!: string;
}

function shape(entity: object, table: string, columns: string[], nullable: string[] = []): EntityShape {
  return {
    entity,
    schema: 'public',
    table,
    columns: columns.map((name) => ({
      property: name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      name,
      nullable: nullable.includes(name),
    })),
  };
}

const endpoint = shape(Endpoint, 'endpoint', ['tenant_id', 'contact_id', 'address', 'channel']);
const list = shape(List, 'list', ['tenant_id', 'name']);

function problemsOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('a manifest', () => {
  it('follows from the annotations, the frame being known without one', () => {
    const manifest = manifestOf({ service: 'contacts', entities: [list, endpoint] });
    expect(manifest.stores).toEqual([
      {
        kind: 'table',
        of: 'subject',
        name: 'endpoint',
        schema: 'public',
        table: 'endpoint',
        subject: 'contact_id',
        onErasure: 'delete',
        onCorrection: 'correct',
        cut: [],
        columns: [
          {
            name: 'address',
            holds: 'personal',
            category: 'user.contact.email',
            purpose: 'marketing.communications.email',
          },
          { name: 'channel', holds: 'plain' },
          { name: 'contact_id', holds: 'subject' },
          { name: 'tenant_id', holds: 'tenant' },
        ],
      },
      expect.objectContaining({ of: 'tenant', name: 'list' }),
    ]);
    expect(subjectTablesOf(manifest).map(personalColumnsOf)).toEqual([['address']]);
  });

  it('has the same version whatever the order of its parts, and another once a column is added', () => {
    const { version } = manifestOf({ service: 'contacts', entities: [list, endpoint] });
    expect(manifestOf({ service: 'contacts', entities: [endpoint, list] }).version).toBe(version);
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    expect(manifestOf({ service: 'contacts', entities: [endpoint] }).version).not.toBe(version);
    expect(manifestOf({ service: 'telephony', entities: [endpoint, list] }).version).not.toBe(version);
  });

  it('6.5 cannot be altered under its version', () => {
    const manifest = manifestOf({ service: 'contacts', entities: [list, endpoint] });
    expect(isGenuine(manifest)).toBe(true);
    expect(isGenuine({ ...manifest, stores: manifest.stores.slice(1) })).toBe(false);
  });

  it('I4 refuses a column that says nothing of itself, and lists all of them', () => {
    const half = shape(Endpoint, 'endpoint', [
      'tenant_id',
      'contact_id',
      'address',
      'channel',
      'label',
      'note',
    ]);
    const problems = problemsOf(() => manifestOf({ service: 'contacts', entities: [half] }));
    expect(problems).toContain('endpoint.label: say @Personal(...) or @NotPersonal() on label');
    expect(problems).toContain('endpoint.note');
  });

  it('I4 refuses an entity that says nothing of itself', () => {
    class Silent {}
    expect(
      problemsOf(() => manifestOf({ service: 'x', entities: [shape(Silent, 'silent', ['tenant_id'])] })),
    ).toContain('silent: say @SubjectData(...) or @TenantData()');
  });

  it('refuses personal columns in a table that names no person', () => {
    @TenantData()
    class Member {
      @Personal({ category: 'user.name', purpose: 'essential.service' })
      name!: string;
    }
    const problems = problemsOf(() =>
      manifestOf({ service: 'identity', entities: [shape(Member, 'member', ['tenant_id', 'name'])] }),
    );
    expect(problems).toContain('member.name: a table of @TenantData() holds nothing personal');
  });

  it('refuses to promise an anonymising that the table would not take', () => {
    @SubjectData({
      ...{ subject: 'contact_id', onErasure: 'anonymise', onCorrection: asItWas('message_as_sent') },
      anonymiseColumns: ['intent_id', 'ghost'],
    })
    class Message {
      @Personal({ category: 'user.content.private', purpose: 'marketing.communications' })
      body!: string;
      @NotPersonal()
      intentId!: string;
    }
    const columns = ['tenant_id', 'contact_id', 'body', 'intent_id'];
    const of = (nullable: string[]) =>
      problemsOf(() =>
        manifestOf({ service: 'm', entities: [shape(Message, 'message', columns, nullable)] }),
      );
    expect(of(['body'])).toContain('message.contact_id: anonymising empties it');
    expect(of(['body'])).toContain('message.intent_id: anonymising empties it');
    expect(of(['contact_id', 'body', 'intent_id'])).toBe(
      'the data map of m is not complete:\n- message has no column ghost',
    );
  });

  it('wants to know of what is personal whether it is a copy of what can be corrected, or rightly says what was so', () => {
    const columns = ['tenant_id', 'contact_id', 'note'];
    const problemsWith = (onCorrection: SubjectDataOptions['onCorrection'], category: DataCategory) => {
      @SubjectData({ subject: 'contact_id', onErasure: 'delete', ...(onCorrection && { onCorrection }) })
      class Note {
        @Personal({ category, purpose: 'essential.service' })
        note!: string;
      }
      return problemsOf(() => manifestOf({ service: 'm', entities: [shape(Note, 'note', columns)] }));
    };
    expect(problemsWith(undefined, 'user.name')).toContain("note: say onCorrection: 'correct'");
    expect(problemsWith('correct', 'user.content')).toContain(
      'note: no column of a category that can be corrected',
    );
    expect(problemsWith(asItWas('As It Was'), 'user.name')).toContain('is not snake_case');
  });

  it('takes json key by key, retention with its ground, and stores that are no tables', () => {
    @SubjectData({
      ...{ subject: 'contact_id', onErasure: retain('tax_record', { days: 3650 }) },
      onCorrection: asItWas('tax_record'),
    })
    class Invoice {
      @Personal({
        keys: {
          name: { category: 'user.name', purpose: 'essential.service.payment_processing' },
          lines: 'not-personal',
        },
      })
      document!: object;
    }
    const manifest = manifestOf({
      service: 'identity',
      entities: [
        shape(Invoice, 'invoice', ['tenant_id', 'contact_id', 'document', 'subject_live', 'retained_under']),
      ],
      stores: [
        declareStore({ kind: 'copy', name: 'backups', description: 'base backups', expiresAfterDays: 35 }),
      ],
      infrastructure: [
        declareInfrastructure({
          table: 'heed.inbox',
          description: 'events handled',
          columns: { event_id: 'id' },
          tenants: 'open',
        }),
      ],
    });
    expect(manifest.stores.map((store) => store.name)).toEqual(['backups', 'heed.inbox', 'invoice']);
    expect(subjectTablesOf(manifest)[0]?.onErasure).toEqual({ ground: 'tax_record', days: 3650 });
    expect(subjectTablesOf(manifest)[0]?.columns.map(({ name }) => name)).toEqual([
      'contact_id',
      'document',
      'tenant_id',
    ]);
  });

  it('inherits annotations, and the heir may say otherwise', () => {
    abstract class Stamped {
      @NotPersonal()
      at!: Date;
      @NotPersonal()
      by = '';
    }
    @SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('record_of_heirs') })
    class Heir extends Stamped {
      @Personal({ category: 'user.unique_id', purpose: 'essential.service' })
      override by = '';
    }
    const [table] = subjectTablesOf(
      manifestOf({ service: 'x', entities: [shape(Heir, 'heir', ['tenant_id', 'contact_id', 'at', 'by'])] }),
    );
    expect(personalColumnsOf(table!)).toEqual(['by']);
  });
});
