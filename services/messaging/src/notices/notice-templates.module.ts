import { Module } from '@nestjs/common';
import { NoticeTemplates } from './notice-templates.js';

@Module({ providers: [NoticeTemplates], exports: [NoticeTemplates] })
export class NoticeTemplatesModule {}
