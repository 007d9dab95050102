import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { LOGGER, type Logger } from '@heed/telemetry';
import { AddressHashes } from '../contacts/address-hashes.js';
import { readEmail } from '../contacts/address.js';
import {
  denied,
  LIFETIME_MS,
  ruleVersionOf,
  SIGN_UP_FIELDS,
  type Ask,
  type Verdict,
} from '../permits/permit.js';
import { addPermits } from '../permits/sign-up-permit.store.js';
import { stoppedAmong, stoppedAt } from '../permits/stopped.store.js';
import { formNames } from './sign-up-form.store.js';
import { SignUpLinks } from './sign-up-links.js';
import { signUpsByAttempt } from './sign-up.store.js';
import { CONFIRMED_WITHIN_MS, nameOfAsked, placeOfSignUp, type SignUp, type Typed } from './sign-up.js';

const SALT_BYTES = 16;
const HOUR_MS = 3_600_000;
/** How long a batch waits for the keys of its sign-ups, and no more than this part of its time. */
const WAITS_MS = 300;
const PART = 0.4;

/** What a permit says of a sign-up, as it was sealed then. */
interface Opened {
  sealed: Buffer;
  email: string;
  link: string;
  /** Every name of the address. */
  candidates: Buffer[];
}

/** By attempt. Undefined: there is no telling, no key was to be had. */
export type OpenedSignUps = ReadonlyMap<string, Opened> | undefined;

interface Waiting {
  ask: Ask;
  signUp: SignUp;
  opened: Opened;
}

/**
 * Leave to ask at an address whether its owner filled in a form. No opt-out, suppression, cap or hours stop it: it is how
 * whoever once said no can come back, and it says nothing else. That a sign-up waits for it, by this attempt, does; the
 * limits of sign-ups say how many there are. An open request to be deleted does, too, whoever has the address.
 */
@Injectable()
export class SignUpPermits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sealing: Sealing,
    private readonly hashes: AddressHashes,
    private readonly links: SignUpLinks,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** What is sealed of those who wait. Never throws and never waits for long. */
  async open(tenantId: string, asks: readonly Ask[], remainingMs: number): Promise<OpenedSignUps> {
    if (asks.length === 0) return new Map();
    const over = new AbortController();
    const patience = this.clock
      .wait(Math.min(WAITS_MS, remainingMs * PART), over.signal)
      .then(() => Promise.reject(new Error('no answer in time')));
    patience.catch(() => undefined);
    try {
      return await Promise.race([this.openAll(tenantId, asks), patience]);
    } catch (error) {
      this.log.warn('sign-ups cannot be opened: their permits are asked for again', { tenantId, error });
      return undefined;
    } finally {
      over.abort();
    }
  }

  /** Of people who live. */
  async judge(
    tx: Tx,
    asks: readonly Ask[],
    { opened, issuedTo, at }: { opened: OpenedSignUps; issuedTo: string; at: Date },
  ): Promise<Map<Ask, Verdict>> {
    if (asks.length === 0) return new Map();
    if (opened === undefined) return new Map(asks.map((ask) => [ask, denied(ask, 'too_late', at)]));
    const known = await signUpsByAttempt(
      tx,
      asks.map(({ attemptId }) => attemptId),
    );
    const stopped = await stoppedAmong(
      tx,
      asks.map(({ contactId }) => contactId),
    );
    const candidates = [...opened.values()].flatMap((each) => each.candidates);
    const requested = new Set((await stoppedAt(tx, candidates)).map(hexOf));
    const verdicts = new Map<Ask, Verdict>();
    const waiting: Waiting[] = [];
    for (const ask of asks) {
      const signUp = known.get(ask.attemptId);
      const said = opened.get(ask.attemptId);
      const isWaiting =
        signUp?.contactId === ask.contactId && signUp.expiresAt.getTime() > at.getTime() + LIFETIME_MS;
      const isStopped = said?.candidates.some((name) => requested.has(hexOf(name))) ?? false;
      if (stopped.has(ask.contactId) || isStopped) verdicts.set(ask, denied(ask, 'stopped', at));
      else if (ask.channel !== 'email') verdicts.set(ask, denied(ask, 'no_endpoint', at));
      // By a text that is not ours: of a messaging that knows no sign-ups.
      else if (!asksOwnText(ask)) verdicts.set(ask, denied(ask, 'not_asked', at));
      // Or forgotten, or typed again, a moment ago.
      else if (!signUp || !isWaiting || !said?.sealed.equals(signUp.sealed))
        verdicts.set(ask, denied(ask, 'not_asked', at));
      else waiting.push({ ask, signUp, opened: said });
    }
    for (const [ask, verdict] of await this.permit(tx, waiting, issuedTo, at)) verdicts.set(ask, verdict);
    return verdicts;
  }

  private async openAll(tenantId: string, asks: readonly Ask[]): Promise<ReadonlyMap<string, Opened>> {
    const attempts = asks.map(({ attemptId }) => attemptId);
    const known = [...(await this.uow.run(tenantId, (tx) => signUpsByAttempt(tx, attempts))).values()];
    const texts = await this.sealing.openMany(
      tenantId,
      known.map(({ signUpId, contactId, sealed }) => {
        return { subjectId: contactId, ...placeOfSignUp(signUpId), sealed };
      }),
    );
    const links = await this.links.mint(
      known.map(({ signUpId, expiresAt }) => ({ tenantId, signUpId, expiresAt })),
    );
    const opened = await Promise.all(
      known.map(async ({ attemptId, sealed }, index): Promise<[string, Opened][]> => {
        const text = texts[index];
        if (!text) return [];
        const { email } = JSON.parse(text.toString('utf8')) as Typed;
        const candidates = await this.hashes.candidates(tenantId, [readEmail(email)!]);
        return [[attemptId, { sealed, email, link: links[index]!, candidates }]];
      }),
    );
    return new Map(opened.flat());
  }

  private async permit(
    tx: Tx,
    waiting: readonly Waiting[],
    issuedTo: string,
    at: Date,
  ): Promise<Map<Ask, Verdict>> {
    const names = await formNames(
      tx,
      waiting.map(({ signUp }) => signUp.signUpFormId),
    );
    const permits = waiting.map(({ ask }) => ({
      ask,
      permitId: newId(),
      endpointHash: nameOfAsked(ask.contactId),
    }));
    const rules = { ruleVersion: ruleVersionOf({ version: 0 }), lifetimeMs: LIFETIME_MS };
    const issued = await addPermits(tx, permits, { ...rules, issuedTo, at });
    return new Map(
      waiting.map(({ ask, signUp, opened: { email, link } }, index): [Ask, Verdict] => {
        const { permitId, endpointHash } = permits[index]!;
        if (!issued.has(permitId)) return [ask, denied(ask, 'already_issued', at)];
        return [
          ask,
          {
            ask,
            issued: {
              ...{ permitId, endpointId: ask.contactId, endpointHash, address: email, ...rules },
              ...{ salt: randomBytes(SALT_BYTES), consentEntryId: '', reserves: false, mayTrack: false },
              profile: { firstName: undefined, lastName: undefined, country: undefined },
              values: {
                form: names.get(signUp.signUpFormId) ?? '',
                link,
                hours: String(CONFIRMED_WITHIN_MS / HOUR_MS),
              },
            },
          },
        ];
      }),
    );
  }
}

function asksOwnText({ fields }: Ask): boolean {
  return fields.length === SIGN_UP_FIELDS.length && SIGN_UP_FIELDS.every((field) => fields.includes(field));
}

function hexOf(bytes: Buffer): string {
  return bytes.toString('hex');
}
