import { pipeline } from 'node:stream/promises';
import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { Describe, FromCaller, HttpPermission, limited, StreamedBody } from '@heed/http';
import { DomainError, invalidArgument, isUuid, type Caller } from '@heed/kernel';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { refusal } from '../errors.js';
import { importMessage } from './import-message.js';
import { ReceiveImport } from './receive-import.js';
import { RejectedFile } from './rejected-file.js';

const LARGEST_FILE = 1024 ** 3;

/** `heed.contacts.v1.Import` in protobuf's JSON form. */
const importAnswer = z.looseObject({ importId: z.string(), listId: z.string() });

/** Files in and out. Everything else about imports is gRPC. */
@Controller('v1')
@HttpPermission('contacts.import')
export class ImportsHttp {
  constructor(
    private readonly receiving: ReceiveImport,
    private readonly rejected: RejectedFile,
  ) {}

  /** Answers when the whole file has come. Merging goes on; `Location` says where to look. */
  @Post('lists/:listId/imports')
  @HttpCode(202)
  @StreamedBody()
  @Describe({
    summary: 'Imports a CSV file into a list; merging goes on behind the answer.',
    parts: { listId: 'Id of the list.' },
    body: 'text/csv',
    answers: { 202: { says: 'The file has come; `Location` says where to look.', body: importAnswer } },
  })
  async upload(
    @Param('listId') listId: string,
    @FromCaller() caller: Caller,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    demandId('list_id', listId);
    demandCsv(request);
    // Said beforehand or found out on the way.
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_FILE) throw refusal('BODY_TOO_LARGE');
    const received = await this.receiving.receive(
      caller.tenantId,
      listId,
      limited(request, LARGEST_FILE) as AsyncIterable<Uint8Array>,
    );
    response.location(`/v1/imports/${received.importId}`);
    return contactsV1.Import.toJSON(importMessage(received));
  }

  @Get('imports/:importId/rejected.csv')
  @Describe({
    summary: 'The rows of a file that were not taken, each with its reason.',
    parts: { importId: 'Id of the import.' },
    answers: { 200: { says: 'The rows.', body: 'text/csv' } },
  })
  async download(
    @Param('importId') importId: string,
    @FromCaller() caller: Caller,
    @Res() response: Response,
  ): Promise<void> {
    demandId('import_id', importId);
    const file = await this.rejected.open(caller.tenantId, importId);
    response.type('text/csv').attachment(`rejected-${importId}.csv`);
    await pipeline(file, response);
  }
}

function demandId(field: string, id: string): void {
  if (!isUuid(id)) throw invalidArgument({ field, reason: 'NOT_A_UUID' });
}

function demandCsv(request: Request): void {
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (type.trim() === 'text/csv' && (request.headers['content-encoding'] ?? 'identity') === 'identity')
    return;
  throw new DomainError('MEDIA_TYPE_UNSUPPORTED', 'invalid-argument', {
    message: 'send text/csv, uncompressed',
  });
}
