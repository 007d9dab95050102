import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { newId, sha256 } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { denied, LIFETIME_MS, ruleVersionOf, type Ask, type Verdict } from '../permits/permit.js';
import { addPermits } from '../permits/sign-up-permit.store.js';
import { stoppedAmong } from '../permits/stopped.store.js';
import { formNames } from './sign-up-form.store.js';
import { SignUpLinks } from './sign-up-links.js';
import { signUpsByAttempt } from './sign-up.store.js';
import { CONFIRMED_WITHIN_MS, placeOfSignUp, type SignUp, type Typed } from './sign-up.js';

const SALT_BYTES = 16;
const HOUR_MS = 3_600_000;

/**
 * Leave to ask at an address whether its owner filled in a form. No opt-out, suppression, cap or hours stop it: it is how
 * whoever once said no can come back, and it says nothing else. That a sign-up waits for it, by this attempt, does; the
 * limits of sign-ups say how many there are.
 */
@Injectable()
export class SignUpPermits {
  constructor(
    private readonly sealing: Sealing,
    private readonly links: SignUpLinks,
  ) {}

  /** Of people who live. */
  async judge(
    tx: Tx,
    asks: readonly Ask[],
    { issuedTo, at }: { issuedTo: string; at: Date },
  ): Promise<Map<Ask, Verdict>> {
    if (asks.length === 0) return new Map();
    const known = await signUpsByAttempt(
      tx,
      asks.map(({ attemptId }) => attemptId),
    );
    const stopped = await stoppedAmong(
      tx,
      asks.map(({ contactId }) => contactId),
    );
    const verdicts = new Map<Ask, Verdict>();
    const waiting: { ask: Ask; signUp: SignUp }[] = [];
    for (const ask of asks) {
      const signUp = known.get(ask.attemptId);
      const isWaiting =
        signUp?.contactId === ask.contactId && signUp.expiresAt.getTime() > at.getTime() + LIFETIME_MS;
      if (stopped.has(ask.contactId)) verdicts.set(ask, denied(ask, 'stopped', at));
      else if (ask.channel !== 'email') verdicts.set(ask, denied(ask, 'no_endpoint', at));
      else if (!signUp || !isWaiting) verdicts.set(ask, denied(ask, 'not_asked', at));
      else waiting.push({ ask, signUp });
    }
    for (const [ask, verdict] of await this.permit(tx, waiting, issuedTo, at)) verdicts.set(ask, verdict);
    return verdicts;
  }

  private async permit(
    tx: Tx,
    waiting: readonly { ask: Ask; signUp: SignUp }[],
    issuedTo: string,
    at: Date,
  ): Promise<Map<Ask, Verdict>> {
    const { tenantId } = tx;
    const opened = await this.sealing.openMany(
      tenantId,
      waiting.map(({ signUp: { signUpId, contactId, sealed } }) => {
        return { subjectId: contactId, ...placeOfSignUp(signUpId), sealed };
      }),
    );
    const links = await this.links.mint(
      waiting.map(({ signUp: { signUpId, expiresAt } }) => ({ tenantId, signUpId, expiresAt })),
    );
    const names = await formNames(
      tx,
      waiting.map(({ signUp }) => signUp.signUpFormId),
    );
    const permits = waiting.map(({ ask }) => ({
      ask,
      permitId: newId(),
      endpointHash: nameOf(ask.contactId),
    }));
    const rules = { ruleVersion: ruleVersionOf({ version: 0 }), lifetimeMs: LIFETIME_MS };
    const issued = await addPermits(tx, permits, { ...rules, issuedTo, at });
    return new Map(
      waiting.map(({ ask, signUp }, index): [Ask, Verdict] => {
        const { permitId, endpointHash } = permits[index]!;
        const typed = opened[index];
        // Forgotten a moment ago.
        if (!typed) return [ask, denied(ask, 'not_asked', at)];
        if (!issued.has(permitId)) return [ask, denied(ask, 'already_issued', at)];
        const { email } = JSON.parse(typed.toString('utf8')) as Typed;
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
                link: links[index]!,
                hours: String(CONFIRMED_WITHIN_MS / HOUR_MS),
              },
            },
          },
        ];
      }),
    );
  }
}

/** Stands for the address, which is forgotten where nobody confirms: what others keep must not lead to it. */
function nameOf(contactId: string): Buffer {
  return Buffer.concat([Buffer.alloc(2), sha256(Buffer.from(`sign-up ${contactId}`))]);
}
