// Points of members, in SQLite. What an erasure does, and that it was answered, is one transaction of this file.
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  create table if not exists member (
    tenant_id text not null,
    -- The platform's id of a person; null for those who joined at the till and are known by address only.
    contact_id text,
    email text not null collate nocase,
    points integer not null,
    -- 1: what is claimed about them is disputed: it stays as it is until that is lifted. 2: they correct it themselves.
    restricted integer not null default 0
  );
  create index if not exists member_contact on member (tenant_id, contact_id);
  create index if not exists member_email on member (tenant_id, email);

  -- Who was erased: ids only. Nothing about them comes in again, however late.
  create table if not exists gone (
    tenant_id text not null,
    contact_id text not null,
    primary key (tenant_id, contact_id)
  );
  create trigger if not exists member_stays_gone before insert on member
    when exists (select 1 from gone where tenant_id = new.tenant_id and contact_id = new.contact_id)
    begin select raise(abort, 'this person was erased'); end;

  create trigger if not exists member_stays_as_is before update of tenant_id, contact_id, email, points on member
    when old.restricted = 1
    begin select raise(abort, 'this person is restricted'); end;

  create table if not exists last_order (
    tenant_id text not null,
    subject_id text not null,
    number integer not null,
    primary key (tenant_id, subject_id)
  );
  -- Each batch that was carried out, with the receipt that is sent however often it is asked for.
  create table if not exists answered (batch_id text primary key, batch blob not null, answer text not null);
  create table if not exists cursor (position integer not null);
`;

export class Store {
  constructor(file) {
    this.db = new DatabaseSync(file);
    this.db.exec(`pragma journal_mode = wal; pragma busy_timeout = 10000; ${SCHEMA}`);
  }

  /** All of it or nothing. */
  transaction(work) {
    this.db.exec('begin immediate');
    try {
      const result = work();
      this.db.exec('commit');
      return result;
    } catch (error) {
      this.db.exec('rollback');
      throw error;
    }
  }

  join(tenantId, contactId, email, points) {
    const columns = 'tenant_id, contact_id, email, points';
    this.run(`insert into member (${columns}) values (?, ?, ?, ?)`, tenantId, contactId, email, points);
  }

  /** Points that were earned or spent. Refused for who is restricted. */
  earn(tenantId, contactId, points) {
    const sql = 'update member set points = points + ? where tenant_id = ? and contact_id = ?';
    return Number(this.run(sql, points, tenantId, contactId).changes);
  }

  /** Keeps what is held about these ids and addresses as it is, or not any more; how many rows that are. */
  restrict(tenantId, ids, emails, isOn) {
    const sql = `update member set restricted = ? where tenant_id = ?
      and (contact_id in (select value from json_each(?)) or email in (select value from json_each(?)))`;
    return Number(this.run(sql, isOn ? 1 : 0, tenantId, JSON.stringify(ids), JSON.stringify(emails)).changes);
  }

  /** Deletes what is held about these ids and addresses; how many rows that were. */
  erase(tenantId, ids, emails) {
    for (const id of ids) this.run('insert or ignore into gone values (?, ?)', tenantId, id);
    const byId = ids.map((id) =>
      this.run('delete from member where tenant_id = ? and contact_id = ?', tenantId, id),
    );
    const byEmail = emails.map((email) =>
      this.run('delete from member where tenant_id = ? and email = ?', tenantId, email),
    );
    return [...byId, ...byEmail].reduce((sum, { changes }) => sum + Number(changes), 0);
  }

  /** Puts an address in the place of another, for those restricted too; how many rows that were. */
  correct(tenantId, ids, { previous, value }) {
    const theirs = `tenant_id = ? and email = ?
      and (contact_id is null or contact_id in (select value from json_each(?)))`;
    const who = [tenantId, previous, JSON.stringify(ids)];
    this.run(`update member set restricted = 2 where restricted = 1 and ${theirs}`, ...who);
    const { changes } = this.run(`update member set email = ? where ${theirs}`, value, ...who);
    this.run('update member set restricted = 1 where restricted = 2');
    return Number(changes);
  }

  /** Of these people, or of nobody known, at this address: what a correction has missed. */
  countAt(tenantId, ids, email) {
    const sql = `select contact_id as id from member where tenant_id = ? and lower(email) = lower(?)`;
    const found = this.db.prepare(sql).all(tenantId, email);
    return found.filter(({ id }) => id === null || ids.includes(id)).length;
  }

  /** Searches by a way of its own: a row that the erasure has missed is what it is looking for. */
  count(tenantId, ids, emails) {
    const wanted = JSON.stringify([...ids, ...emails].map((value) => value.toLowerCase()));
    const sql = `select count(*) as n from member
      where tenant_id = ? and (lower(coalesce(contact_id, '')) in (select value from json_each(?))
        or lower(email) in (select value from json_each(?)))`;
    return this.db.prepare(sql).get(tenantId, wanted, wanted).n;
  }

  /** How many members there are, of all tenants. */
  all() {
    return this.db.prepare('select count(*) as n from member').get().n;
  }

  lastOrder(tenantId, subjectId) {
    const sql = 'select number from last_order where tenant_id = ? and subject_id = ?';
    return this.db.prepare(sql).get(tenantId, subjectId)?.number ?? 0;
  }

  noteOrder(tenantId, subjectId, number) {
    this.run('insert or replace into last_order values (?, ?, ?)', tenantId, subjectId, number);
  }

  answerTo(batchId) {
    return this.db.prepare('select batch, answer from answered where batch_id = ?').get(batchId);
  }

  noteAnswer(batchId, batch, answer) {
    this.run('insert into answered values (?, ?, ?)', batchId, batch, answer);
  }

  get cursor() {
    return this.db.prepare('select position from cursor').get()?.position ?? 0;
  }

  moveTo(position) {
    this.transaction(() => {
      this.run('delete from cursor');
      this.run('insert into cursor values (?)', position);
    });
  }

  close() {
    this.db.close();
  }

  run(sql, ...values) {
    return this.db.prepare(sql).run(...values);
  }
}
