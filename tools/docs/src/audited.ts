/** In which file a change by a member is told to the audit log; from the root. */
export const AUDITED: Readonly<Record<string, string>> = {
  'ContactRulesService.UpdateContactRules': 'services/contacts/src/contact-rules/update-contact-rules.ts',
  'SignUpFormsService.CreateSignUpForm': 'services/contacts/src/sign-ups/create-sign-up-form.ts',
  'SignUpFormsService.UpdateSignUpForm': 'services/contacts/src/sign-ups/sign-up-forms.grpc.ts',
  'SuppressionService.AddSuppressions': 'services/contacts/src/suppression/add-suppressions.ts',
  'SuppressionService.RotateSuppressionKey': 'services/contacts/src/suppression/rotate-key.ts',
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
const OWN_ROW = 'its own row says who decided, and stays';
const CAMPAIGN =
  'works on a plan: what a campaign does to people stands in its ledger, and no permit rests on who started it; who did is not kept yet';
const SENDING_SETUP = 'changes how mail leaves and nobody’s data; who did it is not kept yet';
const BULK = 'made by programs in great numbers; nothing of anybody is seen or taken by it';

/** Changes by members that the audit log does not have, and why. */
export const NOT_AUDITED: Readonly<Record<string, string>> = {
  'ConsentService.RecordConsent': LEDGER,
  'ConsentService.RecordOptOut': LEDGER,
  'RepliesService.DecideReply': OWN_ROW,
  'CampaignsService.ResolveIntent': OWN_ROW,
  'CampaignsService.UpdateStep': OWN_ROW,
  'CampaignsService.AddStep': OWN_ROW,
  'CampaignsService.RemoveStep': OWN_ROW,
  'TemplatesService.CreateTemplate': CAMPAIGN,
  'CampaignsService.CreateCampaign': CAMPAIGN,
  'CampaignsService.StartCampaign': CAMPAIGN,
  'CampaignsService.ScheduleCampaign': CAMPAIGN,
  'CampaignsService.UnscheduleCampaign': CAMPAIGN,
  'CampaignsService.ConfirmStart': OWN_ROW,
  'CampaignsService.ApproveCampaign': OWN_ROW,
  'CampaignsService.PauseCampaign': CAMPAIGN,
  'CampaignsService.ResumeCampaign': CAMPAIGN,
  'CampaignsService.CancelCampaign': CAMPAIGN,
  'ContactsService.CreateContact': BULK,
  'ListsService.CreateList': BULK,
  'ImportsService.CancelImport': BULK,
  'MessagesService.SendMessage': BULK,
  'CallsService.PlaceCall': BULK,
  'ProviderConnectionsService.CreateProviderConnection': SENDING_SETUP,
  'ProviderConnectionsService.RotateProviderSecret': SENDING_SETUP,
  'ProviderConnectionsService.DeleteProviderConnection': SENDING_SETUP,
  'SenderDomainsService.CreateSenderDomain': SENDING_SETUP,
  'SenderDomainsService.VerifySenderDomain': SENDING_SETUP,
  'SenderDomainsService.RotateSenderDomainKey': SENDING_SETUP,
  'SenderDomainsService.DeleteSenderDomain': SENDING_SETUP,
};
