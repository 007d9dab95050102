import { Module } from '@nestjs/common';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { FollowLink } from './follow-link.js';
import { OptOutLinks } from './opt-out-links.js';
import { OptOutHttp } from './opt-out.http.js';

@Module({
  imports: [SuppressionModule],
  controllers: [OptOutHttp],
  providers: [FollowLink, OptOutLinks],
  exports: [OptOutLinks],
})
export class LinksModule {}
