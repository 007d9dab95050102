import { campaigns } from '@heed/campaigns-service';
import { contacts } from '@heed/contacts-service';
import { identity } from '@heed/identity-service';
import { messaging } from '@heed/messaging-service';
import { privacy } from '@heed/privacy-service';
import { telephony } from '@heed/telephony-service';

export const SIX = [identity, contacts, campaigns, messaging, telephony, privacy];
