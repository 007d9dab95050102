import { campaigns } from '@heed/campaigns-service';
import { contacts } from '@heed/contacts-service';
import { identity } from '@heed/identity-service';
import { messaging } from '@heed/messaging-service';
import { privacy } from '@heed/privacy-service';
import { type ServiceDefinition } from '@heed/service';
import { telephony } from '@heed/telephony-service';

/** The six, as they are started. */
export const definitions: readonly ServiceDefinition[] = [
  identity,
  contacts,
  campaigns,
  telephony,
  messaging,
  privacy,
];
