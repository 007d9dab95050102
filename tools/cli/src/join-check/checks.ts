import { answerNames, openReceipt, type ActionName, type Outcome, type StoreAnswer } from '@heed/data-rights';
import { newId, SigningKey, type Clock } from '@heed/kernel';
import { Fault, type Check, type Hands } from './check.js';
import { Corrections, type Asks, type Person } from './corrections.js';
import { type Office, type Submitted } from './office.js';
import { batchOf, type Asking, type Batch } from './orders.js';

const GONE = ['ERASED', 'ANONYMISED'];

/** What a participant must hold to, each by what privacy, a stranger or a bad connection could do to it. */
export class Checks implements Asks {
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly office: Office,
    private readonly name: string,
    private readonly hands: Hands,
    private readonly tenantId: string,
    private readonly patienceMs: number,
    private readonly clock: Clock,
  ) {}

  list(): Check[] {
    const erased = this.person();
    const staying = this.person();
    let first: Batch | undefined;
    const check = (says: string, run: () => Promise<void>): Check => ({ says, run });
    return [
      check('registers a manifest, well-formed and signed, with a token of its own', () => this.registered()),
      check('erases somebody whom it holds, and says how much', async () => {
        this.plant(erased);
        first = this.batch('ERASE', [erased]);
        this.demandErased(await this.answered(first), erased);
      }),
      check('answers for somebody of whom it has never heard', async () => {
        const entries = await this.answered(this.batch('ERASE', [this.person()]));
        if (entries[0]!.some(({ outcome }) => GONE.includes(outcome)))
          throw new Fault('says that it has erased somebody whom it never held');
      }),
      check('finds nothing after an erasure', async () => {
        const [entries] = await this.answered(this.batch('PROBE', [erased]));
        if (entries!.some(({ outcome }) => outcome === 'PROBED_FOUND'))
          throw new Fault('finds who was erased');
      }),
      check(
        '6.4 finds who is there: a probe that says "clean" of a person who is held is a lie',
        async () => {
          this.plant(staying);
          const [entries] = await this.answered(this.batch('PROBE', [staying]));
          if (!entries!.some(({ outcome }) => outcome === 'PROBED_FOUND'))
            throw new Fault('its probe does not find a person who is there');
          this.demandStill(staying, 'a probe has changed what it was to look at');
        },
      ),
      check('answers the very same batch again with the very same receipt', async () => {
        if (first) await this.demandSame(first);
      }),
      check('sends a receipt that was not taken again, the very same', () => this.lost()),
      ...this.refusals(staying),
      check('keeps whoever is restricted as they are, and says so', () => this.restricted(staying)),
      check('lets them be changed again once the restriction is lifted', () => this.lifted(staying)),
      check('erases somebody who is restricted', async () => {
        const person = this.person();
        this.plant(person);
        await this.answered(this.batch('RESTRICT', [person]));
        this.demandErased(await this.answered(this.batch('ERASE', [person])), person);
      }),
      ...new Corrections(this, this.office, this.hands, this.tenantId).list(),
      check('pulls anew where a position is missing, and answers in order', () => this.gap()),
      check('answers a batch of 500, each order by itself, each with a salt of its own', () => this.many()),
      check('goes on where it was when the connection is cut', async () => {
        this.office.cut();
        await this.answered(this.batch('PROBE', [this.person()]));
      }),
      check('5.2 lets nobody who was erased come in again', () => this.late(erased)),
    ];
  }

  /** Orders that are not to be obeyed, all about somebody who is there and must be afterwards. */
  private refusals(staying: Person): Check[] {
    const stranger = SigningKey.generate();
    const refusal = (says: string, make: () => Batch, tenantId = this.tenantId): Check => ({
      says: `6.1 does not obey ${says}`,
      run: () => this.refused(make(), staying, tenantId),
    });
    const erase = (more: Partial<Asking> = {}, key = this.office.ordersKey) =>
      batchOf({ ...this.asking('ERASE', [staying]), ...more }, key, this.clock.now());
    return [
      refusal('orders that are signed by another key', () => erase({}, stranger)),
      refusal('orders that another key has signed under the id of the right one', () => {
        const batch = erase({}, stranger);
        batch.issued.keyId = this.office.ordersKey.keyId;
        return batch;
      }),
      refusal('orders whose bytes were altered after they were signed', () => {
        const batch = erase();
        const other = erase({ batchId: batch.batchId });
        return { ...batch, issued: { ...batch.issued, batch: other.issued.batch } };
      }),
      refusal('orders that were turned to another tenant', () => erase(), newId()),
      refusal('orders that are for others', () => erase({ manifests: { 'somebody-else': 'a'.repeat(64) } })),
      refusal('orders by a manifest that it has never registered', () =>
        erase({ manifests: { [this.name]: 'b'.repeat(64) } }),
      ),
      refusal('another batch under the id of one that it has answered', () => {
        const known = this.office.submitted.at(-1)!;
        return erase({ batchId: known.batchId });
      }),
      refusal('orders that are older than what it has carried out', () =>
        erase({ people: [{ subjectId: staying.subjectId, orderNumber: 1 }] }),
      ),
    ];
  }

  private async registered(): Promise<void> {
    const { office } = this;
    if (await office.until(() => office.manifest !== undefined && office.pulls.length > 0, this.patienceMs))
      return;
    const why = office.tokenFault || office.manifestFault;
    throw new Fault(why || (office.manifest ? 'does not pull orders' : 'has not registered a manifest'));
  }

  private async refused(batch: Batch, staying: Person, tenantId: string): Promise<void> {
    const before = this.to(batch).length;
    this.office.hand(tenantId, batch.issued);
    // What comes after it is answered: so this was dealt with, and nobody has to wait for nothing.
    await this.answered(this.batch('PROBE', [this.person()]));
    if (this.to(batch).length > before) throw new Fault('has answered them');
    this.demandStill(staying, 'has carried them out');
  }

  private async restricted(person: Person): Promise<void> {
    this.demandSaid(await this.answered(this.batch('RESTRICT', [person])), 'RESTRICTED');
    this.demandStill(person, 'has removed a person who was to be kept as they are');
    if (this.change(person) === true) throw new Fault('lets what is restricted be changed');
    const unknown = await this.answered(this.batch('RESTRICT', [this.person()]));
    if (unknown[0]!.some(({ outcome }) => outcome === 'RESTRICTED'))
      throw new Fault('says that it restricts somebody whom it never held');
  }

  private async lifted(person: Person): Promise<void> {
    this.demandSaid(await this.answered(this.batch('LIFT', [person])), 'LIFTED');
    if (this.change(person) === false) throw new Fault('lets nothing be changed although it was lifted');
  }

  private demandSaid([entries]: StoreAnswer[][], word: Outcome): void {
    if (!entries!.some(({ outcome, count }) => outcome === word && count > 0))
      throw new Fault(`does not say ${word} of a person who is there`);
  }

  private change({ subjectId, email }: Person): boolean | undefined {
    return this.hands.change?.(this.tenantId, subjectId, email);
  }

  private async lost(): Promise<void> {
    this.office.losing = 1;
    const person = this.person();
    this.plant(person);
    const batch = this.batch('ERASE', [person]);
    this.office.hand(this.tenantId, batch.issued);
    if (!(await this.office.until(() => this.to(batch).length > 1, this.patienceMs)))
      throw new Fault('does not send it again');
    this.demandAlike(batch);
  }

  private async demandSame(batch: Batch): Promise<void> {
    const before = this.to(batch).length;
    this.office.hand(this.tenantId, batch.issued);
    if (!(await this.office.until(() => this.to(batch).length > before, this.patienceMs)))
      throw new Fault('does not answer it');
    this.demandAlike(batch);
  }

  private demandAlike(batch: Batch): void {
    const [one, ...others] = this.to(batch).map(({ receipt, openings }) => ({
      ...{ id: receipt.receiptId, signature: receipt.signature.toString('base64') },
      openings: openings
        .map(({ salt, statement }) => Buffer.concat([salt, statement]).toString('base64'))
        .join(),
    }));
    if (others.some((other) => JSON.stringify(other) !== JSON.stringify(one)))
      throw new Fault('has signed two different receipts for one batch');
  }

  private async gap(): Promise<void> {
    const { office } = this;
    const [dropped, next] = [this.batch('PROBE', [this.person()]), this.batch('PROBE', [this.person()])];
    const pulls = office.pulls.length;
    office.dropped = office.last + 1;
    office.hand(this.tenantId, dropped.issued);
    office.hand(this.tenantId, next.issued);
    const anew = () => office.pulls.slice(pulls).some((after) => after < office.last - 1);
    const pulled = await office.until(() => anew() || this.to(next).length > 0, this.patienceMs);
    const passed = this.to(next).length > 0;
    office.dropped = undefined;
    if (!pulled || passed) {
      office.cut();
      throw new Fault(passed ? 'has gone on past what was missing' : 'does not pull anew');
    }
    office.cut();
    await this.demandAnswer(dropped);
    await this.demandAnswer(next);
  }

  private async many(): Promise<void> {
    const people = Array.from({ length: 500 }, () => this.person());
    this.plant(people[250]!);
    const batch = this.batch('ERASE', people);
    const entries = await this.answered(batch);
    const held = entries.map((of, at) => (of.some(({ outcome }) => GONE.includes(outcome)) ? at : -1));
    if (held.filter((at) => at >= 0).join() !== '250') throw new Fault('answers for one what is another’s');
    const salts = this.office.submitted.flatMap(({ receipt, openings }) =>
      openings.map(({ salt, orderId }) => `${salt.toString('hex')} ${receipt.receiptId} ${orderId}`),
    );
    const once = new Set(salts.map((salt) => salt.split(' ')[0]));
    if (once.size !== new Set(salts).size) throw new Fault('uses a salt twice');
  }

  private async late(erased: Person): Promise<void> {
    if (!this.hands.plant(this.tenantId, erased.subjectId, erased.email)) return;
    if (this.hands.look(this.tenantId, erased.subjectId, erased.email) === 0) return;
    throw new Fault('takes in a person who was erased');
  }

  private demandErased(entries: StoreAnswer[][], { subjectId, email }: Person): void {
    if (!entries[0]!.some(({ outcome, count }) => GONE.includes(outcome) && count > 0))
      throw new Fault('does not say that it has erased anything');
    if (this.hands.look(this.tenantId, subjectId, email) > 0)
      throw new Fault('says that it has erased a person who is still there');
  }

  private demandStill({ subjectId, email }: Person, otherwise: string): void {
    if (this.hands.look(this.tenantId, subjectId, email) === 0) throw new Fault(otherwise);
  }

  /** Hands out a batch, waits for its receipt, and opens it: what each order was answered. */
  async answered(batch: Batch): Promise<StoreAnswer[][]> {
    this.office.hand(this.tenantId, batch.issued);
    return this.demandAnswer(batch);
  }

  private async demandAnswer(batch: Batch): Promise<StoreAnswer[][]> {
    if (!(await this.office.until(() => this.to(batch).length > 0, this.patienceMs)))
      throw new Fault('does not answer within the time given');
    const { receipt, openings, isSigned, tenantId } = this.to(batch)[0]!;
    const { manifest } = this.office;
    if (!isSigned) throw new Fault('the receipt is not signed with its key');
    if (tenantId !== batch.tenantId) throw new Fault('the token names another tenant than the batch');
    if (receipt.manifestVersion !== manifest?.version)
      throw new Fault('answers by a manifest that it has not registered');
    const opened = openReceipt(batch.tenantId, receipt, batch.orders, openings, answerNames(manifest));
    if ('reason' in opened) throw new Fault(`${opened.reason}: ${opened.why}`);
    return opened.map(({ statement }) => statement.entries);
  }

  private to({ batchId }: Batch): Submitted[] {
    return this.office.submitted.filter((submitted) => submitted.batchId === batchId);
  }

  batch(action: ActionName, people: readonly Person[], more: Partial<Asking> = {}): Batch {
    return batchOf({ ...this.asking(action, people), ...more }, this.office.ordersKey, this.clock.now());
  }

  private asking(action: ActionName, people: readonly Person[]): Asking {
    const { tenantId } = this;
    const manifests = { [this.name]: this.office.manifest?.version ?? '' };
    return {
      ...{ action, tenantId, manifests },
      people: people.map(({ subjectId, handle = '' }) => ({
        ...{ subjectId, handle, orderNumber: this.next(subjectId) },
      })),
    };
  }

  private next(subjectId: string): number {
    const number = (this.numbers.get(subjectId) ?? 0) + 1;
    this.numbers.set(subjectId, number);
    return number;
  }

  person(): Person {
    const subjectId = newId();
    return { subjectId, email: `${subjectId}@join-check.invalid` };
  }

  plant({ subjectId, email }: Person): void {
    if (this.hands.plant(this.tenantId, subjectId, email)) return;
    throw new Fault('the person to be erased could not be put there: the command of --plant has failed');
  }
}
