import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { type Caller, newId } from '@heed/kernel';
import { RequestReplay } from '@heed/rpc';
import { CreateTemplate } from '../src/templates/create-template.js';
import { TemplatesGrpc } from '../src/templates/templates.grpc.js';
import { CampaignsFixture } from './campaigns-fixture.js';

const MEBIBYTE = 1024 * 1024;

describe('the attachments of a template', () => {
  let campaigns: CampaignsFixture;
  let templates: TemplatesGrpc;
  const caller = (tenantId = campaigns.tenantId) =>
    ({ tenantId, kind: 'member', actorId: 'ada', method: 'CreateTemplate' }) as Caller;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
    const { uow, clock, audit } = campaigns;
    templates = new TemplatesGrpc(uow, new CreateTemplate(uow, new RequestReplay(clock), audit, clock));
  });
  afterAll(() => campaigns.database.drop());

  const file = (change: Partial<campaignsV1.NewAttachment> = {}): campaignsV1.NewAttachment => ({
    ...{ name: 'terms.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') },
    ...change,
  });
  const request = (attachments: campaignsV1.NewAttachment[], change = {}) =>
    campaignsV1.CreateTemplateRequest.fromPartial({
      ...{ requestId: newId(), name: newId(), channel: typesV1.Channel.CHANNEL_EMAIL, subject: 'Hello' },
      ...{ textBody: 'Hello', senderName: 'Acme', senderAddress: 'news@acme.example' },
      ...{ postalAddress: '1 Main Street', attachments, ...change },
    });
  const refusedWith = async (attachments: campaignsV1.NewAttachment[], change = {}) => {
    const made = templates.createTemplate(request(attachments, change), caller());
    const refused = await made.then(
      () => ({ violations: [] }),
      (error: { violations?: { field: string; reason: string }[] }) => error,
    );
    return (refused.violations ?? []).map(({ field, reason }) => `${field} ${reason}`);
  };
  const sized = (bytes: number, name = 'terms.pdf') => file({ name, content: Buffer.alloc(bytes, 7) });

  it('are kept with it, shown by name and size, and given to whoever asks for what is in them', async () => {
    const files = [file(), sized(70_000, ' Ü bersicht नमस्ते.csv '), file({ name: 'application' })];
    const { template } = await templates.createTemplate(request(files), caller());
    const heads = [
      { name: 'terms.pdf', contentType: 'application/pdf', size: 8 },
      { name: 'Ü bersicht नमस्ते.csv', contentType: 'application/pdf', size: 70_000 },
      { name: 'application', contentType: 'application/pdf', size: 8 },
    ];
    expect(template?.attachments).toEqual(heads);
    const { templateId = '' } = template ?? {};
    const seen = await templates.getTemplate({ templateId, attachmentContents: false }, caller());
    expect(seen).toEqual({ template, attachmentContents: [] });
    const whole = await templates.getTemplate({ templateId, attachmentContents: true }, caller());
    expect(whole.attachmentContents).toEqual(files.map(({ content }) => content));
    const { templates: listed } = await templates.listTemplates(
      campaignsV1.ListTemplatesRequest.fromPartial({}),
      caller(),
    );
    expect(listed.find((one) => one.templateId === templateId)?.attachments).toEqual(heads);
  });

  it('I8 are shown to no other tenant', async () => {
    const { template } = await templates.createTemplate(request([file()]), caller());
    const asked = { templateId: template!.templateId, attachmentContents: true };
    await expect(templates.getTemplate(asked, caller(newId()))).rejects.toMatchObject({
      reason: 'TEMPLATE_NOT_FOUND',
    });
  });

  it('are taken up to 2 MiB each and 3 MiB together', async () => {
    expect(await refusedWith([sized(2 * MEBIBYTE), sized(MEBIBYTE, 'more.pdf')])).toEqual([]);
    expect(await refusedWith([sized(2 * MEBIBYTE + 1)])).toEqual([
      'attachments[0].content ATTACHMENT_TOO_LARGE',
    ]);
    expect(await refusedWith([sized(2 * MEBIBYTE), sized(MEBIBYTE + 1, 'more.pdf')])).toEqual([
      'attachments ATTACHMENTS_TOO_LARGE',
    ]);
  });

  it.each([
    ...['setup.exe', 'SETUP.EXE', 'invoice.pdf.js', 'a.vbs', 'a.bat', 'a.cmd', 'a.com', 'a.jar', 'a.msi'],
    ...['a.ps1', 'a.hta', 'a.lnk', 'a.iso', 'a.scr', 'a.docm', 'a.ｅｘｅ', 'a.e\u200dxe', 'a.exe '],
  ])('are no %j, which runs when it is opened', async (name) => {
    expect(await refusedWith([file({ name })])).toEqual(['attachments[0].name ATTACHMENT_TYPE_REFUSED']);
  });

  it.each([
    ...['', '  ', '.', '..', '../terms.pdf', 'a/b.pdf', 'a\\b.pdf', 'C:terms.pdf', '.htaccess', 'a.exe.'],
    ...['a\r\nBcc: x.pdf', 'a\u0000.pdf', 'a\u0085.pdf', 'a\u202efdp.exe', 'a\u2028.pdf', 'a".pdf', 'a*.pdf'],
    'x'.repeat(101),
  ])('are not named %j', async (name) => {
    expect(await refusedWith([file({ name })])).toEqual(['attachments[0].name ATTACHMENT_NAME_INVALID']);
  });

  it('are no programs by another name, have each a name of its own, and stand under no script', async () => {
    const contentType = 'application/x-msdownload';
    expect(await refusedWith([file({ contentType })])).toEqual([
      'attachments[0].content_type ATTACHMENT_TYPE_REFUSED',
    ]);
    expect(await refusedWith([file(), file()])).toEqual(['attachments[1].name ATTACHMENT_NAME_TWICE']);
    const script = { channel: typesV1.Channel.CHANNEL_VOICE, subject: '', senderAddress: '' };
    expect(await refusedWith([file()], { ...script, postalAddress: '' })).toEqual([
      'attachments NOT_IN_A_SCRIPT',
    ]);
  });

  it('never change', async () => {
    await expect(
      campaigns.uow.run(campaigns.tenantId, (tx) => tx.execute(`update template_attachment set name = 'b'`)),
    ).rejects.toThrow(/permission denied/);
  });
});
