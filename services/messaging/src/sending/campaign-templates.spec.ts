import { describe, expect, it } from '@jest/globals';
import { campaignsV1 } from '@heed/contracts';
import { type RpcClients } from '@heed/rpc';
import { type TrackingLinks } from '../tracking/tracking-links.js';
import { CampaignTemplates } from './campaign-templates.js';

const MEBIBYTE = 1024 * 1024;

/** Templates by id, each with an attachment of this size. */
function templatesWith(size: number): { templates: CampaignTemplates; asked: string[] } {
  const asked: string[] = [];
  const content = Buffer.alloc(size);
  const getTemplate = ({ templateId }: campaignsV1.GetTemplateRequest) => {
    asked.push(templateId);
    const template = campaignsV1.Template.fromPartial({
      ...{ templateId, subject: 'Hello', textBody: 'Hello', senderName: 'Acme' },
      ...{ senderAddress: 'news@sender.test', postalAddress: '1 Main Street' },
      attachments: [{ name: 'terms.pdf', contentType: 'application/pdf', size }],
    });
    return Promise.resolve({ template, attachmentContents: [content] });
  };
  const rpc = { of: () => ({ getTemplate }) } as unknown as RpcClients;
  const links = { compile: () => Promise.resolve(undefined) } as unknown as TrackingLinks;
  return { templates: new CampaignTemplates(rpc, links), asked };
}

describe('the templates that are kept', () => {
  it('are as many as their attachments leave room for, and at least the last', async () => {
    const { templates, asked } = templatesWith(3 * MEBIBYTE);
    const ids = Array.from({ length: 18 }, (_, index) => String(index));
    for (const id of ids) await templates.find('t', id);
    // Fifteen of 4.1 MiB, encoded, are the last that fit into 64.
    for (const id of ids.slice(3).reverse()) await templates.find('t', id);
    expect(asked).toHaveLength(18);
    for (const id of ids.slice(0, 3)) await templates.find('t', id);
    expect(asked).toHaveLength(21);
  });

  it('are 200 where they have none to speak of', async () => {
    const { templates, asked } = templatesWith(10);
    for (let id = 0; id <= 200; id += 1) await templates.find('t', String(id));
    await templates.find('t', '1');
    expect(asked).toHaveLength(201);
    await templates.find('t', '0');
    expect(asked).toHaveLength(202);
  });
});
