import { datarightsV1 } from '@heed/contracts';
import { takesCorrections, type ActionName, type StoreAnswer } from '@heed/data-rights';
import { newId } from '@heed/kernel';
import { Fault, type Check, type Hands } from './check.js';
import { type Office } from './office.js';
import { type Asking, type Batch } from './orders.js';

export interface Person {
  subjectId: string;
  email: string;
  handle?: string;
}

/** How a check asks the participant something. */
export interface Asks {
  person(): Person;
  plant(person: Person): void;
  batch(action: ActionName, people: readonly Person[], more?: Partial<Asking>): Batch;
  answered(batch: Batch): Promise<StoreAnswer[][]>;
}

const { PERSON_FIELD_EMAIL: EMAIL } = datarightsV1.PersonField;

/** What a participant must hold to that says that it has copies of what can be corrected: they are planted by address. */
export class Corrections {
  constructor(
    private readonly asks: Asks,
    private readonly office: Office,
    private readonly hands: Hands,
    private readonly tenantId: string,
  ) {}

  list(): Check[] {
    const check = (says: string, run: () => Promise<void>): Check => ({
      says,
      run,
      applies: () => this.hasCopies(),
    });
    const ada = this.asks.person();
    const right = `right.${ada.email}`;
    return [
      check('finds what was not corrected: a probe that says "clean" of it is a lie', async () => {
        this.asks.plant(ada);
        const [entries] = await this.ask('PROBE', ada, right);
        if (!says(entries, 'PROBED_FOUND')) throw new Fault('its probe does not find the old value');
      }),
      check('corrects what it holds of a person, asks for it by the handle, and says how much', async () => {
        const isSeen = this.isAt(ada.email);
        const [entries] = await this.ask('CORRECT', ada, right);
        if (!says(entries, 'CORRECTED')) throw new Fault('does not say that it has corrected anything');
        // Only of a store that knows people by address can it be seen from outside.
        if (isSeen && (this.isAt(ada.email) || !this.isAt(right)))
          throw new Fault('says that it has corrected what still says the old');
      }),
      check('finds nothing of the old after a correction', async () => {
        const [entries] = await this.ask('PROBE', ada, right);
        if (says(entries, 'PROBED_FOUND')) throw new Fault('finds what was corrected');
      }),
      check('corrects whoever is restricted, too', async () => {
        const bo = this.asks.person();
        this.asks.plant(bo);
        await this.asks.answered(this.asks.batch('RESTRICT', [bo]));
        const [entries] = await this.ask('CORRECT', bo, `right.${bo.email}`);
        if (!says(entries, 'CORRECTED')) throw new Fault('leaves what a restricted person has corrected');
      }),
      check('says that it holds nothing to correct of somebody of whom it has never heard', async () => {
        const [entries] = await this.ask('CORRECT', this.asks.person(), right);
        if (says(entries, 'CORRECTED'))
          throw new Fault('says that it has corrected somebody whom it never held');
      }),
      check('answers where the values are not there any more, and corrects nothing then', async () => {
        const cy = this.asks.person();
        this.asks.plant(cy);
        const orders = this.asks.batch('CORRECT', [{ ...cy, handle: newId() }], { corrects: true });
        const [entries] = await this.asks.answered(orders);
        if (says(entries, 'CORRECTED')) throw new Fault('says that it has corrected what nobody told it');
      }),
    ];
  }

  private async ask(action: ActionName, person: Person, value: string): Promise<StoreAnswer[][]> {
    const handle = newId();
    const correction = { field: EMAIL, value, previous: person.email, endpointId: newId() };
    this.office.corrections.set(handle, [correction]);
    const batch = this.asks.batch(action, [{ ...person, handle }], { corrects: true });
    const entries = await this.asks.answered(batch);
    if (!this.office.told.has(handle)) throw new Fault('does not ask what is to be corrected');
    return entries;
  }

  private isAt(email: string): boolean {
    return this.hands.look(this.tenantId, newId(), email) > 0;
  }

  /** Of addresses, by which people are planted. */
  private hasCopies(): boolean {
    const { manifest } = this.office;
    return manifest !== undefined && takesCorrections(manifest, 'user.contact.email');
  }
}

function says(entries: readonly StoreAnswer[] | undefined, word: StoreAnswer['outcome']): boolean {
  return (entries ?? []).some(({ outcome, count }) => outcome === word && count > 0);
}
