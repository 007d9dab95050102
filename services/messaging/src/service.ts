import { messagingV1 } from '@heed/contracts';
import { defineService } from '@heed/service';
import { AppModule } from './app.module.js';
import { AttemptEntity } from './dispatch/attempt.entity.js';
import { messagingTables } from './infrastructure.js';
import { CopyEntity } from './sending/copy.entity.js';
import { MessageEntity } from './sending/message.entity.js';
import { SendingModule } from './sending/sending.module.js';
import { messagingSettings } from './settings.js';

export const messaging = defineService({
  name: 'messaging',
  module: AppModule,
  grpc: [messagingV1.MessagesServiceService],
  http: false,
  entities: [AttemptEntity, CopyEntity, MessageEntity],
  infrastructure: messagingTables,
  migrations: new URL('../migrations/', import.meta.url),
  settings: messagingSettings,
  beforeServing: (get) => get(SendingModule).start(),
});
