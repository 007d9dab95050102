/** In which file a change by a member is told to the audit log; from the root. */
export const AUDITED: Readonly<Record<string, string>> = {
  'ContactRulesService.UpdateContactRules': 'services/contacts/src/contact-rules/update-contact-rules.ts',
  'SignUpFormsService.CreateSignUpForm': 'services/contacts/src/sign-ups/create-sign-up-form.ts',
  'SignUpFormsService.UpdateSignUpForm': 'services/contacts/src/sign-ups/sign-up-forms.grpc.ts',
  'SuppressionService.AddSuppressions': 'services/contacts/src/suppression/add-suppressions.ts',
  'SuppressionService.RotateSuppressionKey': 'services/contacts/src/suppression/rotate-key.ts',
  'TemplatesService.CreateTemplate': 'services/campaigns/src/templates/create-template.ts',
  'CampaignsService.CreateCampaign': 'services/campaigns/src/campaigns/create-campaign.ts',
  'CampaignsService.UpdateStep': 'services/campaigns/src/campaigns/update-step.ts',
  'CampaignsService.AddStep': 'services/campaigns/src/campaigns/change-steps.ts',
  'CampaignsService.RemoveStep': 'services/campaigns/src/campaigns/change-steps.ts',
  'CampaignsService.StartCampaign': 'services/campaigns/src/campaigns/command-campaign.ts',
  'CampaignsService.ScheduleCampaign': 'services/campaigns/src/campaigns/command-campaign.ts',
  'CampaignsService.UnscheduleCampaign': 'services/campaigns/src/campaigns/command-campaign.ts',
  'CampaignsService.ConfirmStart': 'services/campaigns/src/campaigns/command-campaign.ts',
  'CampaignsService.ApproveCampaign': 'services/campaigns/src/campaigns/command-campaign.ts',
  'CampaignsService.PauseCampaign': 'services/campaigns/src/campaigns/command-campaign.ts',
  'CampaignsService.ResumeCampaign': 'services/campaigns/src/campaigns/command-campaign.ts',
  'CampaignsService.CancelCampaign': 'services/campaigns/src/campaigns/command-campaign.ts',
  'CampaignsService.ResolveIntent': 'services/campaigns/src/ledger/resolve-intent.ts',
  'RepliesService.DecideReply': 'services/messaging/src/replies/decide-reply.ts',
  'ProviderConnectionsService.CreateProviderConnection':
    'services/messaging/src/providers/manage-connections.ts',
  'ProviderConnectionsService.RotateProviderSecret': 'services/messaging/src/providers/manage-connections.ts',
  'ProviderConnectionsService.DeleteProviderConnection':
    'services/messaging/src/providers/manage-connections.ts',
  'SenderDomainsService.CreateSenderDomain': 'services/messaging/src/sender-domains/manage-domains.ts',
  'SenderDomainsService.RotateSenderDomainKey': 'services/messaging/src/sender-domains/manage-domains.ts',
  'SenderDomainsService.DeleteSenderDomain': 'services/messaging/src/sender-domains/manage-domains.ts',
  'ApiKeysService.CreateApiKey': 'services/identity/src/api-keys/create-api-key.ts',
  'ApiKeysService.RevokeApiKey': 'services/identity/src/api-keys/revoke-api-key.ts',
  'MembersService.InviteMember': 'services/identity/src/members/invite-member.ts',
  'MembersService.UnlockMember': 'services/identity/src/members/unlock-member.ts',
  'HoldsService.PlaceHold': 'services/privacy/src/holds/place-hold.ts',
  'HoldsService.ReleaseHold': 'services/privacy/src/holds/release-hold.ts',
  'RequestsService.CreateRequest': 'services/privacy/src/requests/keep-requests.ts',
  'RequestsService.BatchCreateErasures': 'services/privacy/src/requests/keep-requests.ts',
  'RequestsService.NoteInformed': 'services/privacy/src/requests/inform-first.ts',
  'RequestsService.CloseWithExceptions': 'services/privacy/src/answers/close-requests.ts',
  'RequestsService.RefuseRequest': 'services/privacy/src/requests/end-request.ts',
  'RequestsService.CancelRequest': 'services/privacy/src/requests/end-request.ts',
  'RequestsService.ExtendRequest': 'services/privacy/src/requests/decide-request.ts',
  'RequestsService.ApproveRequest': 'services/privacy/src/requests/keep-requests.ts',
  'RequestsService.UpdateReviewRules': 'services/privacy/src/review/update-review-rules.ts',
  'ProcessorsService.RecordProcessorAnswer': 'services/privacy/src/processors/record-answer.ts',
  'SpokenDoubtsService.DecideSpokenDoubt': 'services/telephony/src/opt-outs/spoken-doubts.ts',
  'SweepsService.ResolveProbeHit': 'services/privacy/src/sweeps/resolve-hit.ts',
};

const LEDGER = 'its own row says who: the ledger of consents is append-only and names the member';
const LOOKS = 'looks at DNS and writes down what it says, as is done once a day by itself';
const BULK = 'made by programs in great numbers; nothing of anybody is seen or taken by it';

/** Changes by members that the audit log does not have, and why. */
export const NOT_AUDITED: Readonly<Record<string, string>> = {
  'ConsentService.RecordConsent': LEDGER,
  'ConsentService.RecordOptOut': LEDGER,
  'ContactsService.CreateContact': BULK,
  'ListsService.CreateList': BULK,
  'ImportsService.CancelImport': BULK,
  'MessagesService.SendMessage': BULK,
  'CallsService.PlaceCall': BULK,
  'SenderDomainsService.VerifySenderDomain': LOOKS,
};
