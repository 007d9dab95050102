import { X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { type privacyV1 } from '@heed/contracts';
import { DueWork } from '@heed/data-rights';
import { CLOCK, invalidArgument, newId, NIL_UUID, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { type PrivacySettings } from '../settings.js';
import { PROCESSORS } from './order-processors.js';
import { isKeyForSigning } from './opendsr.js';
import { setProcessor, tenantsWaitingFor, type SetProcessor as Put } from './processor.store.js';
import { ordersToAsk } from './processor-order.store.js';

/** An operator puts down who stands behind a store, and how they are told. */
@Injectable()
export class SetProcessor {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly audit: RecordAccess,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: PrivacySettings,
  ) {}

  async set(
    { tenantId, actorId, method: action }: Caller,
    request: privacyV1.SetProcessorRequest,
  ): Promise<Put> {
    const processor = this.read(request);
    await this.uow.runAcross('service', (tx) => setProcessor(tx, processor, this.clock.now()));
    await this.tryAgain(processor);
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' },
    ]);
    return processor;
  }

  private read(request: privacyV1.SetProcessorRequest): Put {
    const { store, name, url, certificate, contact } = request;
    // Names are shown to people: nothing in them may move a cursor.
    if (/\p{Cc}/u.test(name)) throw invalidArgument({ field: 'name', reason: 'CONTROL_CHARACTER' });
    const domain = request.domain.toLowerCase();
    if (url !== '') {
      this.demandUrl(url);
      demandCertificate(certificate, domain);
    }
    return {
      ...{ tenantId: request.tenantId || NIL_UUID, store, name, url, domain, certificate, contact },
      how: url === '' ? 'PERSON' : 'OPENDSR',
      regulation: request.regulation === 'ccpa' ? 'ccpa' : 'gdpr',
    };
  }

  /** Addresses of people travel there. */
  private demandUrl(text: string): void {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSecret = url?.protocol === 'https:' || this.settings.HEED_ENV !== 'production';
    if (
      !url ||
      !/^https?:$/.test(url.protocol) ||
      url.username !== '' ||
      url.search !== '' ||
      url.hash !== ''
    )
      throw invalidArgument({ field: 'url', reason: 'NOT_A_URL' });
    if (!isSecret) throw invalidArgument({ field: 'url', reason: 'NOT_HTTPS' });
  }

  /** Orders that waited for a person, because nobody had put this down, can go by themselves now. */
  private async tryAgain({ tenantId, store, how }: Put): Promise<void> {
    if (how !== 'OPENDSR') return;
    const tenants =
      tenantId === NIL_UUID
        ? await this.uow.runAcross('probe', (tx) => tenantsWaitingFor(tx, store))
        : [tenantId];
    for (const tenant of tenants) {
      await this.uow.run(tenant, async (tx) => {
        await this.due.add(tx, PROCESSORS, await ordersToAsk(tx, store));
      });
    }
  }
}

function demandCertificate(pem: string, domain: string): void {
  let certificate: X509Certificate;
  let canSign: boolean;
  try {
    certificate = new X509Certificate(pem);
    canSign = isKeyForSigning(certificate.publicKey);
  } catch {
    throw invalidArgument({ field: 'certificate', reason: 'NOT_A_CERTIFICATE' });
  }
  if (!canSign) throw invalidArgument({ field: 'certificate', reason: 'KEY_NOT_SUPPORTED' });
  if (domain === '' || certificate.checkHost(domain) === undefined)
    throw invalidArgument({ field: 'domain', reason: 'NOT_IN_CERTIFICATE' });
}
