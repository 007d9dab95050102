import { type HeedClient } from '@heed/client';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';

export const PURPOSE = 'news';
const HTML = '<p>Dear {{ first_name }}, <a href="https://acme.test/">look</a></p>';

/** A campaign that has ended, and its template. */
export async function campaign(
  client: HeedClient,
  listId: string,
): Promise<{ templateId: string; campaignId: string }> {
  const templateId = await template(client, campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING);
  const { campaign: draft } = await client.campaigns.createCampaign({
    ...{ requestId: newId(), name: 'Letter', listId, templateId, purpose: PURPOSE },
    ...{ ratePerSecond: 1_000, audienceLimit: 0n, steps: [] },
  });
  const { campaignId } = draft!;
  await client.campaigns.startCampaign({ campaignId });
  for await (const _ of client.campaigns.watchCampaign({ campaignId }, { timeoutMs: 100_000 }));
  return { templateId, campaignId };
}

/** A template of this kind. */
export async function template(client: HeedClient, kind: campaignsV1.TemplateKind): Promise<string> {
  const { template: made } = await client.templates.createTemplate({
    ...{
      requestId: newId(),
      name: `Letter ${kind}`,
      channel: typesV1.Channel.CHANNEL_EMAIL,
      subject: 'Hello',
    },
    ...{ textBody: 'Dear {{ first_name }}', htmlBody: HTML, senderName: 'Acme', kind, variables: [] },
    attachments: [{ name: 'terms.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') }],
    ...{ senderAddress: 'news@acme.test', postalAddress: '1 Main Street, Springfield' },
    ...{ trackOpens: true, trackClicks: true },
  });
  return made!.templateId;
}
