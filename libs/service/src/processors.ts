import { type Processor } from '@heed/config';
import { declareStore, type DataCategory, type DeclaredStore } from '@heed/data-map';

const HANDED: Record<Processor['service'], { categories: DataCategory[]; description: string }> = {
  messaging: {
    categories: ['user.contact.email', 'user.content.private'],
    description: 'Whom mails are handed to, to be delivered: addresses and what was written',
  },
  telephony: {
    categories: ['user.contact.phone_number'],
    description: 'Whom calls are placed through: numbers, and that they were called',
  },
};

/** Whom this service hands something about people to (HEED_PROCESSORS): each must be told of an erasure. */
export function processorStores(service: string, processors: readonly Processor[]): DeclaredStore[] {
  return processors
    .filter((processor) => processor.service === service)
    .map((processor) =>
      declareStore(
        'retiredSince' in processor
          ? {
              ...{ kind: 'retired', name: processor.name, was: 'processor', since: processor.retiredSince },
              description: 'Nothing is handed there any more, and nothing of it is left there',
            }
          : { kind: 'processor', name: processor.name, ...HANDED[processor.service] },
      ),
    );
}
