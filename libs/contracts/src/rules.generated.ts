// Generated from proto/ by `npm run proto`. Do not edit.

import type { EventRule, FieldRule, RpcRule } from './rules.js';

export const rpcRules: Record<string, RpcRule> = {
  "/heed.campaigns.v1.CampaignsService/AddStep": {
    "request": "heed.campaigns.v1.AddStepRequest",
    "permission": "campaigns.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/ApproveCampaign": {
    "request": "heed.campaigns.v1.ApproveCampaignRequest",
    "permission": "campaigns.approve",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/CancelCampaign": {
    "request": "heed.campaigns.v1.CancelCampaignRequest",
    "permission": "campaigns.run",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/ConfirmStart": {
    "request": "heed.campaigns.v1.ConfirmStartRequest",
    "permission": "campaigns.run",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/CreateCampaign": {
    "request": "heed.campaigns.v1.CreateCampaignRequest",
    "permission": "campaigns.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/GetCampaign": {
    "request": "heed.campaigns.v1.GetCampaignRequest",
    "permission": "campaigns.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/GetReview": {
    "request": "heed.campaigns.v1.GetReviewRequest",
    "permission": "campaigns.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/ListCampaigns": {
    "request": "heed.campaigns.v1.ListCampaignsRequest",
    "permission": "campaigns.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/ListIntents": {
    "request": "heed.campaigns.v1.ListIntentsRequest",
    "permission": "campaigns.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/PauseCampaign": {
    "request": "heed.campaigns.v1.PauseCampaignRequest",
    "permission": "campaigns.run",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/RemoveStep": {
    "request": "heed.campaigns.v1.RemoveStepRequest",
    "permission": "campaigns.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/ResolveIntent": {
    "request": "heed.campaigns.v1.ResolveIntentRequest",
    "permission": "campaigns.resolve",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/ResumeCampaign": {
    "request": "heed.campaigns.v1.ResumeCampaignRequest",
    "permission": "campaigns.run",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/ScheduleCampaign": {
    "request": "heed.campaigns.v1.ScheduleCampaignRequest",
    "permission": "campaigns.run",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/StartCampaign": {
    "request": "heed.campaigns.v1.StartCampaignRequest",
    "permission": "campaigns.run",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/UnscheduleCampaign": {
    "request": "heed.campaigns.v1.UnscheduleCampaignRequest",
    "permission": "campaigns.run",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/UpdateStep": {
    "request": "heed.campaigns.v1.UpdateStepRequest",
    "permission": "campaigns.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.CampaignsService/WatchCampaign": {
    "request": "heed.campaigns.v1.WatchCampaignRequest",
    "permission": "campaigns.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.TemplatesService/CreateTemplate": {
    "request": "heed.campaigns.v1.CreateTemplateRequest",
    "permission": "templates.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.TemplatesService/GetTemplate": {
    "request": "heed.campaigns.v1.GetTemplateRequest",
    "permission": "templates.read",
    "callers": [
      "messaging",
      "telephony"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.TemplatesService/ListTemplates": {
    "request": "heed.campaigns.v1.ListTemplatesRequest",
    "permission": "templates.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.campaigns.v1.TemplatesService/PreviewTemplate": {
    "request": "heed.campaigns.v1.PreviewTemplateRequest",
    "permission": "templates.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ChangesService/ListChanges": {
    "request": "heed.contacts.v1.ListChangesRequest",
    "permission": "audit.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ConsentService/FilterAgreeing": {
    "request": "heed.contacts.v1.FilterAgreeingRequest",
    "permission": "",
    "callers": [
      "messaging"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ConsentService/GetConsent": {
    "request": "heed.contacts.v1.GetConsentRequest",
    "permission": "consent.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ConsentService/GetOptOut": {
    "request": "heed.contacts.v1.GetOptOutRequest",
    "permission": "consent.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ConsentService/ListConsentEntries": {
    "request": "heed.contacts.v1.ListConsentEntriesRequest",
    "permission": "consent.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ConsentService/RecordConsent": {
    "request": "heed.contacts.v1.RecordConsentRequest",
    "permission": "consent.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ConsentService/RecordOptOut": {
    "request": "heed.contacts.v1.RecordOptOutRequest",
    "permission": "consent.opt_out",
    "callers": [
      "messaging",
      "telephony",
      "privacy"
    ],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ContactRulesService/GetContactRules": {
    "request": "heed.contacts.v1.GetContactRulesRequest",
    "permission": "consent.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ContactRulesService/UpdateContactRules": {
    "request": "heed.contacts.v1.UpdateContactRulesRequest",
    "permission": "contact_rules.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ContactsService/CheckCorrections": {
    "request": "heed.contacts.v1.CheckCorrectionsRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.contacts.v1.ContactsService/CreateContact": {
    "request": "heed.contacts.v1.CreateContactRequest",
    "permission": "contacts.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ContactsService/FindSubjects": {
    "request": "heed.contacts.v1.FindSubjectsRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ContactsService/GetContact": {
    "request": "heed.contacts.v1.GetContactRequest",
    "permission": "contacts.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ContactsService/ListContacts": {
    "request": "heed.contacts.v1.ListContactsRequest",
    "permission": "contacts.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ContactsService/RevealContact": {
    "request": "heed.contacts.v1.RevealContactRequest",
    "permission": "contacts.reveal",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.contacts.v1.ImportsService/CancelImport": {
    "request": "heed.contacts.v1.CancelImportRequest",
    "permission": "contacts.import",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ImportsService/GetImport": {
    "request": "heed.contacts.v1.GetImportRequest",
    "permission": "contacts.import",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ImportsService/ListImports": {
    "request": "heed.contacts.v1.ListImportsRequest",
    "permission": "contacts.import",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ImportsService/WatchImport": {
    "request": "heed.contacts.v1.WatchImportRequest",
    "permission": "contacts.import",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ListsService/CountCountries": {
    "request": "heed.contacts.v1.CountCountriesRequest",
    "permission": "",
    "callers": [
      "campaigns"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ListsService/CreateList": {
    "request": "heed.contacts.v1.CreateListRequest",
    "permission": "lists.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ListsService/GetList": {
    "request": "heed.contacts.v1.GetListRequest",
    "permission": "lists.read",
    "callers": [
      "campaigns"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ListsService/ListLists": {
    "request": "heed.contacts.v1.ListListsRequest",
    "permission": "lists.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.ListsService/StreamMembers": {
    "request": "heed.contacts.v1.StreamMembersRequest",
    "permission": "",
    "callers": [
      "campaigns"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.PermitsService/BatchIssuePermits": {
    "request": "heed.contacts.v1.BatchIssuePermitsRequest",
    "permission": "",
    "callers": [
      "messaging",
      "telephony"
    ],
    "idempotency": "none",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.contacts.v1.PermitsService/ExplainPermit": {
    "request": "heed.contacts.v1.ExplainPermitRequest",
    "permission": "consent.read",
    "callers": [
      "messaging",
      "telephony"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.PermitsService/IssuePermit": {
    "request": "heed.contacts.v1.IssuePermitRequest",
    "permission": "",
    "callers": [
      "messaging",
      "telephony"
    ],
    "idempotency": "none",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.contacts.v1.PermitsService/LiftStops": {
    "request": "heed.contacts.v1.LiftStopsRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.PermitsService/ReturnPermits": {
    "request": "heed.contacts.v1.ReturnPermitsRequest",
    "permission": "",
    "callers": [
      "messaging",
      "telephony"
    ],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.PermitsService/StopPermits": {
    "request": "heed.contacts.v1.StopPermitsRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.contacts.v1.PermitsService/StreamPermits": {
    "request": "heed.contacts.v1.StreamPermitsRequest",
    "permission": "",
    "callers": [
      "messaging",
      "telephony"
    ],
    "idempotency": "none",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.contacts.v1.SignUpFormsService/CreateSignUpForm": {
    "request": "heed.contacts.v1.CreateSignUpFormRequest",
    "permission": "lists.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.SignUpFormsService/GetSignUpForm": {
    "request": "heed.contacts.v1.GetSignUpFormRequest",
    "permission": "lists.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.SignUpFormsService/ListSignUpForms": {
    "request": "heed.contacts.v1.ListSignUpFormsRequest",
    "permission": "lists.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.SignUpFormsService/UpdateSignUpForm": {
    "request": "heed.contacts.v1.UpdateSignUpFormRequest",
    "permission": "lists.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.SuppressionService/AddSuppressions": {
    "request": "heed.contacts.v1.AddSuppressionsRequest",
    "permission": "suppression.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.SuppressionService/GetSuppressionRotation": {
    "request": "heed.contacts.v1.GetSuppressionRotationRequest",
    "permission": "suppression.rotate_key",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.contacts.v1.SuppressionService/RotateSuppressionKey": {
    "request": "heed.contacts.v1.RotateSuppressionKeyRequest",
    "permission": "suppression.rotate_key",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.datarights.v1.DataRightsService/DestroyExport": {
    "request": "heed.datarights.v1.DestroyExportRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.datarights.v1.DataRightsService/FetchExport": {
    "request": "heed.datarights.v1.FetchExportRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.datarights.v1.DataRightsService/GetManifest": {
    "request": "heed.datarights.v1.GetManifestRequest",
    "permission": "datamap.read",
    "callers": [
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.datarights.v1.DataRightsService/GetReceipt": {
    "request": "heed.datarights.v1.GetReceiptRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.datarights.v1.DataRightsService/GetWitnessedCheckpoint": {
    "request": "heed.datarights.v1.GetWitnessedCheckpointRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.datarights.v1.DataRightsService/RunSweep": {
    "request": "heed.datarights.v1.RunSweepRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.datarights.v1.DataRightsService/WitnessCheckpoint": {
    "request": "heed.datarights.v1.WitnessCheckpointRequest",
    "permission": "",
    "callers": [
      "privacy"
    ],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.ApiKeysService/CreateApiKey": {
    "request": "heed.identity.v1.CreateApiKeyRequest",
    "permission": "api_keys.manage",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.ApiKeysService/ExchangeApiKey": {
    "request": "heed.identity.v1.ExchangeApiKeyRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": true,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.ApiKeysService/GetApiKey": {
    "request": "heed.identity.v1.GetApiKeyRequest",
    "permission": "api_keys.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.ApiKeysService/ListApiKeys": {
    "request": "heed.identity.v1.ListApiKeysRequest",
    "permission": "api_keys.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.ApiKeysService/RevokeApiKey": {
    "request": "heed.identity.v1.RevokeApiKeyRequest",
    "permission": "api_keys.manage",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.MemberPermitsService/BatchIssuePermits": {
    "request": "heed.identity.v1.BatchIssuePermitsRequest",
    "permission": "",
    "callers": [
      "messaging"
    ],
    "idempotency": "none",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.identity.v1.MembersService/GetMember": {
    "request": "heed.identity.v1.GetMemberRequest",
    "permission": "members.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.identity.v1.MembersService/GetSelf": {
    "request": "heed.identity.v1.GetSelfRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": true,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.identity.v1.MembersService/InviteMember": {
    "request": "heed.identity.v1.InviteMemberRequest",
    "permission": "members.manage",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.identity.v1.MembersService/ListMembers": {
    "request": "heed.identity.v1.ListMembersRequest",
    "permission": "members.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.identity.v1.MembersService/UnlockMember": {
    "request": "heed.identity.v1.UnlockMemberRequest",
    "permission": "members.manage",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.identity.v1.OperatorsService/BootstrapOperator": {
    "request": "heed.identity.v1.BootstrapOperatorRequest",
    "permission": "",
    "callers": [],
    "idempotency": "none",
    "public": true,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.TenantsService/CreateTenant": {
    "request": "heed.identity.v1.CreateTenantRequest",
    "permission": "",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.TenantsService/GetTenant": {
    "request": "heed.identity.v1.GetTenantRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": true,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.TenantsService/ListTenants": {
    "request": "heed.identity.v1.ListTenantsRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.TokensService/ListServiceKeys": {
    "request": "heed.identity.v1.ListServiceKeysRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": true,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.TokensService/RegisterServiceKey": {
    "request": "heed.identity.v1.RegisterServiceKeyRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": true,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.identity.v1.TokensService/RevokeServiceKey": {
    "request": "heed.identity.v1.RevokeServiceKeyRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.EngagementsService/ListEngagements": {
    "request": "heed.messaging.v1.ListEngagementsRequest",
    "permission": "messages.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.MessagesService/GetAttempt": {
    "request": "heed.messaging.v1.GetAttemptRequest",
    "permission": "messages.read",
    "callers": [
      "contacts",
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.MessagesService/GetPermitProof": {
    "request": "heed.messaging.v1.GetPermitProofRequest",
    "permission": "messages.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.MessagesService/ListAttempts": {
    "request": "heed.messaging.v1.ListAttemptsRequest",
    "permission": "messages.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.MessagesService/RevealMessage": {
    "request": "heed.messaging.v1.RevealMessageRequest",
    "permission": "messages.reveal",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.messaging.v1.MessagesService/SendMessage": {
    "request": "heed.messaging.v1.SendMessageRequest",
    "permission": "messages.send",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.ProviderConnectionsService/CreateProviderConnection": {
    "request": "heed.messaging.v1.CreateProviderConnectionRequest",
    "permission": "provider_connections.manage",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.ProviderConnectionsService/DeleteProviderConnection": {
    "request": "heed.messaging.v1.DeleteProviderConnectionRequest",
    "permission": "provider_connections.manage",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.ProviderConnectionsService/ListProviderConnections": {
    "request": "heed.messaging.v1.ListProviderConnectionsRequest",
    "permission": "provider_connections.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.ProviderConnectionsService/RotateProviderSecret": {
    "request": "heed.messaging.v1.RotateProviderSecretRequest",
    "permission": "provider_connections.manage",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.RepliesService/DecideReply": {
    "request": "heed.messaging.v1.DecideReplyRequest",
    "permission": "replies.decide",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.RepliesService/ListReplies": {
    "request": "heed.messaging.v1.ListRepliesRequest",
    "permission": "replies.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.RepliesService/RevealReply": {
    "request": "heed.messaging.v1.RevealReplyRequest",
    "permission": "messages.reveal",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.messaging.v1.SenderDomainsService/CreateSenderDomain": {
    "request": "heed.messaging.v1.CreateSenderDomainRequest",
    "permission": "sender_domains.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.SenderDomainsService/DeleteSenderDomain": {
    "request": "heed.messaging.v1.DeleteSenderDomainRequest",
    "permission": "sender_domains.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.SenderDomainsService/GetSenderDomain": {
    "request": "heed.messaging.v1.GetSenderDomainRequest",
    "permission": "sender_domains.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.SenderDomainsService/ListSenderDomains": {
    "request": "heed.messaging.v1.ListSenderDomainsRequest",
    "permission": "sender_domains.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.SenderDomainsService/RotateSenderDomainKey": {
    "request": "heed.messaging.v1.RotateSenderDomainKeyRequest",
    "permission": "sender_domains.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.messaging.v1.SenderDomainsService/VerifySenderDomain": {
    "request": "heed.messaging.v1.VerifySenderDomainRequest",
    "permission": "sender_domains.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.AuditService/ExportAuditLog": {
    "request": "heed.privacy.v1.ExportAuditLogRequest",
    "permission": "audit.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.AuditService/ListAuditEntries": {
    "request": "heed.privacy.v1.ListAuditEntriesRequest",
    "permission": "audit.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.AuditService/RecordAccess": {
    "request": "heed.privacy.v1.RecordAccessRequest",
    "permission": "",
    "callers": [
      "identity",
      "contacts",
      "campaigns",
      "telephony",
      "messaging",
      "privacy"
    ],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.DataMapService/ExportDatasets": {
    "request": "heed.privacy.v1.ExportDatasetsRequest",
    "permission": "datamap.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.DataMapService/GetManifest": {
    "request": "heed.privacy.v1.GetManifestRequest",
    "permission": "datamap.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.DataMapService/GetStore": {
    "request": "heed.privacy.v1.GetStoreRequest",
    "permission": "datamap.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.DataMapService/ListManifests": {
    "request": "heed.privacy.v1.ListManifestsRequest",
    "permission": "datamap.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.DataMapService/ListStores": {
    "request": "heed.privacy.v1.ListStoresRequest",
    "permission": "datamap.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.HoldsService/GetHold": {
    "request": "heed.privacy.v1.GetHoldRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.HoldsService/ListHolds": {
    "request": "heed.privacy.v1.ListHoldsRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.HoldsService/PlaceHold": {
    "request": "heed.privacy.v1.PlaceHoldRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.HoldsService/ReleaseHold": {
    "request": "heed.privacy.v1.ReleaseHoldRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.LogService/BeginNewOrigin": {
    "request": "heed.privacy.v1.BeginNewOriginRequest",
    "permission": "",
    "callers": [],
    "idempotency": "none",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.LogService/GetCheckpoint": {
    "request": "heed.privacy.v1.GetCheckpointRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": true,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.LogService/GetConsistencyProof": {
    "request": "heed.privacy.v1.GetConsistencyProofRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": true,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.LogService/ListLogKeys": {
    "request": "heed.privacy.v1.ListLogKeysRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": true,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.LogService/RevokeServiceKey": {
    "request": "heed.privacy.v1.RevokeServiceKeyRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/ChangeParticipantKey": {
    "request": "heed.privacy.v1.ChangeParticipantKeyRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": true,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/EnrolParticipant": {
    "request": "heed.privacy.v1.EnrolParticipantRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/GetSubjectCorrections": {
    "request": "heed.privacy.v1.GetSubjectCorrectionsRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": true,
    "revealsPersonalData": true
  },
  "/heed.privacy.v1.ParticipantsService/GetSubjectIdentifiers": {
    "request": "heed.privacy.v1.GetSubjectIdentifiersRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": true,
    "revealsPersonalData": true
  },
  "/heed.privacy.v1.ParticipantsService/ListParticipants": {
    "request": "heed.privacy.v1.ListParticipantsRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/PullOrders": {
    "request": "heed.privacy.v1.PullOrdersRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": true,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/RegisterManifest": {
    "request": "heed.privacy.v1.RegisterManifestRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": true,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/ReplaceParticipantKey": {
    "request": "heed.privacy.v1.ReplaceParticipantKeyRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/RetireLostParticipant": {
    "request": "heed.privacy.v1.RetireLostParticipantRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/RetireParticipant": {
    "request": "heed.privacy.v1.RetireParticipantRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": true,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ParticipantsService/SubmitReceipt": {
    "request": "heed.privacy.v1.SubmitReceiptRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": true,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ProcessorsService/ListProcessorOrders": {
    "request": "heed.privacy.v1.ListProcessorOrdersRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ProcessorsService/ListProcessors": {
    "request": "heed.privacy.v1.ListProcessorsRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ProcessorsService/RecordProcessorAnswer": {
    "request": "heed.privacy.v1.RecordProcessorAnswerRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ProcessorsService/RevealProcessorOrder": {
    "request": "heed.privacy.v1.RevealProcessorOrderRequest",
    "permission": "requests.hand_over",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.ProcessorsService/SetProcessor": {
    "request": "heed.privacy.v1.SetProcessorRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequesterPermitsService/BatchIssuePermits": {
    "request": "heed.privacy.v1.BatchIssuePermitsRequest",
    "permission": "",
    "callers": [
      "messaging"
    ],
    "idempotency": "none",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.privacy.v1.RequestsService/ApproveRequest": {
    "request": "heed.privacy.v1.ApproveRequestRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/BatchCreateErasures": {
    "request": "heed.privacy.v1.BatchCreateErasuresRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/BatchGetIdentifiers": {
    "request": "heed.privacy.v1.BatchGetIdentifiersRequest",
    "permission": "",
    "callers": [
      "identity",
      "contacts",
      "campaigns",
      "telephony",
      "messaging",
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.privacy.v1.RequestsService/CancelRequest": {
    "request": "heed.privacy.v1.CancelRequestRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/CloseWithExceptions": {
    "request": "heed.privacy.v1.CloseWithExceptionsRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/CreateRequest": {
    "request": "heed.privacy.v1.CreateRequestRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/ExtendRequest": {
    "request": "heed.privacy.v1.ExtendRequestRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/GetCertificate": {
    "request": "heed.privacy.v1.GetCertificateRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.privacy.v1.RequestsService/GetCorrections": {
    "request": "heed.privacy.v1.GetCorrectionsRequest",
    "permission": "",
    "callers": [
      "identity",
      "contacts",
      "campaigns",
      "telephony",
      "messaging",
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.privacy.v1.RequestsService/GetIdentifiers": {
    "request": "heed.privacy.v1.GetIdentifiersRequest",
    "permission": "",
    "callers": [
      "identity",
      "contacts",
      "campaigns",
      "telephony",
      "messaging",
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.privacy.v1.RequestsService/GetRequest": {
    "request": "heed.privacy.v1.GetRequestRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/GetReviewRules": {
    "request": "heed.privacy.v1.GetReviewRulesRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/ListRequests": {
    "request": "heed.privacy.v1.ListRequestsRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/NoteInformed": {
    "request": "heed.privacy.v1.NoteInformedRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/RefuseRequest": {
    "request": "heed.privacy.v1.RefuseRequestRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/StreamAccessPackage": {
    "request": "heed.privacy.v1.StreamAccessPackageRequest",
    "permission": "requests.hand_over",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.privacy.v1.RequestsService/UpdateReviewRules": {
    "request": "heed.privacy.v1.UpdateReviewRulesRequest",
    "permission": "review_rules.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RequestsService/WatchRequest": {
    "request": "heed.privacy.v1.WatchRequestRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RestoresService/StreamErasures": {
    "request": "heed.privacy.v1.StreamErasuresRequest",
    "permission": "",
    "callers": [
      "identity",
      "contacts",
      "campaigns",
      "telephony",
      "messaging",
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RestoresService/StreamHolds": {
    "request": "heed.privacy.v1.StreamHoldsRequest",
    "permission": "",
    "callers": [
      "identity",
      "contacts",
      "campaigns",
      "telephony",
      "messaging"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RestoresService/StreamStops": {
    "request": "heed.privacy.v1.StreamStopsRequest",
    "permission": "",
    "callers": [
      "contacts"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.RestoresService/WitnessIncarnation": {
    "request": "heed.privacy.v1.WitnessIncarnationRequest",
    "permission": "",
    "callers": [
      "identity",
      "contacts",
      "campaigns",
      "telephony",
      "messaging",
      "privacy"
    ],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.SweepsService/BeginSweep": {
    "request": "heed.privacy.v1.BeginSweepRequest",
    "permission": "",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.SweepsService/ListProbeHits": {
    "request": "heed.privacy.v1.ListProbeHitsRequest",
    "permission": "requests.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.SweepsService/ListSweeps": {
    "request": "heed.privacy.v1.ListSweepsRequest",
    "permission": "",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": true,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.SweepsService/ResolveProbeHit": {
    "request": "heed.privacy.v1.ResolveProbeHitRequest",
    "permission": "requests.write",
    "callers": [],
    "idempotency": "absorbing",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.privacy.v1.SweepsService/StreamNeedles": {
    "request": "heed.privacy.v1.StreamNeedlesRequest",
    "permission": "",
    "callers": [
      "identity",
      "contacts",
      "campaigns",
      "telephony",
      "messaging",
      "privacy"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.telephony.v1.CallsService/GetCall": {
    "request": "heed.telephony.v1.GetCallRequest",
    "permission": "calls.read",
    "callers": [
      "contacts"
    ],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.telephony.v1.CallsService/ListCalls": {
    "request": "heed.telephony.v1.ListCallsRequest",
    "permission": "calls.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.telephony.v1.CallsService/PlaceCall": {
    "request": "heed.telephony.v1.PlaceCallRequest",
    "permission": "calls.place",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.telephony.v1.CallsService/StreamRecording": {
    "request": "heed.telephony.v1.StreamRecordingRequest",
    "permission": "calls.listen",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  },
  "/heed.telephony.v1.CallsService/WatchCall": {
    "request": "heed.telephony.v1.WatchCallRequest",
    "permission": "calls.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.telephony.v1.SpokenDoubtsService/DecideSpokenDoubt": {
    "request": "heed.telephony.v1.DecideSpokenDoubtRequest",
    "permission": "replies.decide",
    "callers": [],
    "idempotency": "request_id",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.telephony.v1.SpokenDoubtsService/ListSpokenDoubts": {
    "request": "heed.telephony.v1.ListSpokenDoubtsRequest",
    "permission": "replies.read",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": false
  },
  "/heed.telephony.v1.SpokenDoubtsService/RevealSpokenDoubt": {
    "request": "heed.telephony.v1.RevealSpokenDoubtRequest",
    "permission": "calls.listen",
    "callers": [],
    "idempotency": "safe",
    "public": false,
    "operator": false,
    "anyMember": false,
    "participants": false,
    "revealsPersonalData": true
  }
};

export const messageRules: Record<string, Record<string, FieldRule>> = {
  "heed.campaigns.v1.AddStepRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "step": {
      "required": true,
      "message": "heed.campaigns.v1.StepPlan"
    },
    "etag": {
      "maxLength": 40
    }
  },
  "heed.campaigns.v1.AddStepResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.ApproveCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "etag": {
      "maxLength": 40
    },
    "labelWaiver": {
      "enum": [
        0,
        1,
        2
      ]
    }
  },
  "heed.campaigns.v1.ApproveCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.Campaign": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11
      ]
    },
    "ledger": {
      "message": "heed.campaigns.v1.Ledger"
    },
    "steps": {
      "message": "heed.campaigns.v1.Step",
      "list": true
    },
    "findings": {
      "message": "heed.campaigns.v1.ReviewFinding",
      "list": true
    },
    "engagement": {
      "message": "heed.campaigns.v1.Engagement"
    }
  },
  "heed.campaigns.v1.CampaignHeld": {
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "heldFor": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "startAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    }
  },
  "heed.campaigns.v1.CancelCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.CancelCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.ConfirmStartRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.ConfirmStartResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.CreateCampaignRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "name": {
      "required": true,
      "maxLength": 200
    },
    "listId": {
      "required": true,
      "uuid": true
    },
    "templateId": {
      "uuid": true
    },
    "purpose": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    },
    "ratePerSecond": {
      "required": true,
      "min": 1,
      "max": 10000
    },
    "audienceLimit": {
      "min": 0
    },
    "steps": {
      "maxLength": 20,
      "message": "heed.campaigns.v1.StepPlan",
      "list": true
    }
  },
  "heed.campaigns.v1.CreateCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.CreateTemplateRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "name": {
      "required": true,
      "maxLength": 200
    },
    "channel": {
      "required": true,
      "enum": [
        0,
        1,
        2
      ]
    },
    "subject": {
      "maxLength": 500
    },
    "textBody": {
      "required": true,
      "maxLength": 65536
    },
    "htmlBody": {
      "maxLength": 262144
    },
    "senderName": {
      "required": true,
      "maxLength": 200
    },
    "senderAddress": {
      "maxLength": 254
    },
    "postalAddress": {
      "maxLength": 500
    },
    "kind": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "variables": {
      "maxLength": 50,
      "message": "heed.campaigns.v1.TemplateVariable",
      "list": true
    },
    "attachments": {
      "maxLength": 5,
      "message": "heed.campaigns.v1.NewAttachment",
      "list": true
    },
    "language": {
      "pattern": "(en|de|es|fr|hi)?"
    }
  },
  "heed.campaigns.v1.CreateTemplateResponse": {
    "template": {
      "message": "heed.campaigns.v1.Template"
    }
  },
  "heed.campaigns.v1.DispatchRequested": {
    "intentId": {
      "required": true,
      "uuid": true
    },
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    },
    "templateId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.GetCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.GetCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.GetReviewRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.GetReviewResponse": {
    "items": {
      "message": "heed.campaigns.v1.ReviewItem",
      "list": true
    }
  },
  "heed.campaigns.v1.GetTemplateRequest": {
    "templateId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.GetTemplateResponse": {
    "template": {
      "message": "heed.campaigns.v1.Template"
    },
    "attachmentContents": {
      "list": true
    }
  },
  "heed.campaigns.v1.Intent": {
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4
      ]
    },
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    }
  },
  "heed.campaigns.v1.Ledger": {
    "skippedByReason": {
      "map": true
    }
  },
  "heed.campaigns.v1.ListCampaignsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11
      ]
    },
    "listId": {
      "uuid": true
    },
    "templateId": {
      "uuid": true
    },
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "nameContains": {
      "maxLength": 100
    },
    "createdAfter": {
      "time": true
    },
    "createdBefore": {
      "time": true
    }
  },
  "heed.campaigns.v1.ListCampaignsResponse": {
    "campaigns": {
      "message": "heed.campaigns.v1.Campaign",
      "list": true
    }
  },
  "heed.campaigns.v1.ListIntentsRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4
      ]
    },
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "contactId": {
      "uuid": true
    },
    "reason": {
      "pattern": "[a-z0-9_]{1,40}"
    },
    "updatedAfter": {
      "time": true
    },
    "updatedBefore": {
      "time": true
    }
  },
  "heed.campaigns.v1.ListIntentsResponse": {
    "intents": {
      "message": "heed.campaigns.v1.Intent",
      "list": true
    }
  },
  "heed.campaigns.v1.ListTemplatesRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "nameContains": {
      "maxLength": 100
    }
  },
  "heed.campaigns.v1.ListTemplatesResponse": {
    "templates": {
      "message": "heed.campaigns.v1.Template",
      "list": true
    }
  },
  "heed.campaigns.v1.NewAttachment": {
    "name": {
      "required": true,
      "maxLength": 1000
    },
    "contentType": {
      "required": true,
      "pattern": "(application|audio|font|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}"
    },
    "content": {
      "required": true,
      "maxLength": 4194304
    }
  },
  "heed.campaigns.v1.PauseCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.PauseCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.PreviewTemplateRequest": {
    "templateId": {
      "required": true,
      "uuid": true
    },
    "sample": {
      "map": true
    }
  },
  "heed.campaigns.v1.PreviewTemplateResponse": {
    "reviewItems": {
      "message": "heed.campaigns.v1.ReviewItem",
      "list": true
    }
  },
  "heed.campaigns.v1.RemoveStepRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "step": {
      "required": true,
      "min": 1,
      "max": 20
    },
    "etag": {
      "maxLength": 40
    }
  },
  "heed.campaigns.v1.RemoveStepResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.ResolveIntentRequest": {
    "intentId": {
      "required": true,
      "uuid": true
    },
    "outcome": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "note": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4
      ]
    }
  },
  "heed.campaigns.v1.ResolveIntentResponse": {
    "intent": {
      "message": "heed.campaigns.v1.Intent"
    }
  },
  "heed.campaigns.v1.ResumeCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.ResumeCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.ReviewFinding": {
    "reason": {
      "enum": [
        0,
        1,
        2,
        3,
        4
      ]
    }
  },
  "heed.campaigns.v1.ReviewItem": {
    "requirement": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    }
  },
  "heed.campaigns.v1.ScheduleCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "startAt": {
      "required": true,
      "time": true
    }
  },
  "heed.campaigns.v1.ScheduleCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.StartCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.StartCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.Step": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "outcomes": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ],
      "list": true
    },
    "reasons": {
      "list": true
    },
    "ledger": {
      "message": "heed.campaigns.v1.Ledger"
    }
  },
  "heed.campaigns.v1.StepPlan": {
    "templateId": {
      "required": true,
      "uuid": true
    },
    "ratePerSecond": {
      "min": 0,
      "max": 10000
    },
    "follows": {
      "min": 0,
      "max": 19
    },
    "outcomes": {
      "maxLength": 4,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ],
      "list": true
    },
    "reasons": {
      "maxLength": 50,
      "pattern": "[a-z][a-z0-9_]{0,39}",
      "list": true
    },
    "delaySeconds": {
      "min": 0,
      "max": 7776000
    },
    "bouncedWithinSeconds": {
      "min": 0,
      "max": 2592000
    }
  },
  "heed.campaigns.v1.Template": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "contactFields": {
      "list": true
    },
    "kind": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "variables": {
      "message": "heed.campaigns.v1.TemplateVariable",
      "list": true
    },
    "attachments": {
      "message": "heed.campaigns.v1.Attachment",
      "list": true
    }
  },
  "heed.campaigns.v1.TemplateVariable": {
    "name": {
      "required": true,
      "pattern": "[a-z][a-z0-9_]{0,39}"
    },
    "kind": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "maxLength": {
      "min": 0,
      "max": 1000
    }
  },
  "heed.campaigns.v1.UnscheduleCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.UnscheduleCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.UpdateStepRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "step": {
      "required": true,
      "min": 1,
      "max": 20
    },
    "etag": {
      "maxLength": 40
    },
    "updateMask": {
      "required": true,
      "maxLength": 6,
      "pattern": "template_id|rate_per_second|outcomes|reasons|delay_seconds|bounced_within_seconds",
      "list": true
    },
    "templateId": {
      "uuid": true
    },
    "ratePerSecond": {
      "min": 0,
      "max": 10000
    },
    "outcomes": {
      "maxLength": 4,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ],
      "list": true
    },
    "reasons": {
      "maxLength": 50,
      "pattern": "[a-z][a-z0-9_]{0,39}",
      "list": true
    },
    "delaySeconds": {
      "min": 0,
      "max": 7776000
    },
    "bouncedWithinSeconds": {
      "min": 0,
      "max": 2592000
    }
  },
  "heed.campaigns.v1.UpdateStepResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.campaigns.v1.WatchCampaignRequest": {
    "campaignId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.campaigns.v1.WatchCampaignResponse": {
    "campaign": {
      "message": "heed.campaigns.v1.Campaign"
    }
  },
  "heed.contacts.v1.AddSuppressionsRequest": {
    "kind": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4
      ]
    },
    "entries": {
      "required": true,
      "maxLength": 1000,
      "personal": "contact.address",
      "list": true
    },
    "reason": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    },
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "pattern": "([a-z][a-z0-9_-]{0,62})?"
    }
  },
  "heed.contacts.v1.BatchIssuePermitsRequest": {
    "asks": {
      "required": true,
      "maxLength": 500,
      "message": "heed.contacts.v1.PermitAsk",
      "list": true
    }
  },
  "heed.contacts.v1.BatchIssuePermitsResponse": {
    "answers": {
      "message": "heed.contacts.v1.PermitAnswer",
      "list": true
    }
  },
  "heed.contacts.v1.CancelImportRequest": {
    "importId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.CancelImportResponse": {
    "import": {
      "message": "heed.contacts.v1.Import"
    }
  },
  "heed.contacts.v1.CheckCorrectionsRequest": {
    "contactId": {
      "required": true,
      "uuid": true
    },
    "corrections": {
      "required": true,
      "maxLength": 20,
      "message": "heed.datarights.v1.Correction",
      "list": true
    }
  },
  "heed.contacts.v1.CheckCorrectionsResponse": {
    "corrections": {
      "message": "heed.datarights.v1.Correction",
      "list": true
    }
  },
  "heed.contacts.v1.ConsentChanged": {
    "contactId": {
      "required": true,
      "uuid": true
    },
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "pattern": "([a-z][a-z0-9_-]{0,62})?"
    },
    "state": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "entryId": {
      "required": true,
      "uuid": true
    },
    "recordedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    },
    "senderId": {
      "uuid": true
    }
  },
  "heed.contacts.v1.ConsentEntry": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "state": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "source": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12
      ]
    }
  },
  "heed.contacts.v1.ConsentStatus": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "state": {
      "enum": [
        0,
        1,
        2
      ]
    }
  },
  "heed.contacts.v1.Contact": {
    "firstName": {
      "personal": "contact.name"
    },
    "lastName": {
      "personal": "contact.name"
    },
    "country": {
      "personal": "contact.country"
    },
    "endpoints": {
      "message": "heed.contacts.v1.Endpoint",
      "list": true
    }
  },
  "heed.contacts.v1.ContactHours": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "pattern": "([a-z][a-z0-9_-]{0,62})?"
    },
    "days": {
      "maxLength": 7,
      "min": 1,
      "max": 7,
      "list": true
    },
    "opens": {
      "required": true,
      "pattern": "([01][0-9]|2[0-3]):[0-5][0-9]"
    },
    "closes": {
      "required": true,
      "pattern": "([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
    },
    "timeZone": {
      "required": true,
      "pattern": "[A-Za-z][A-Za-z0-9_+/-]{0,63}"
    }
  },
  "heed.contacts.v1.ContactRules": {
    "etag": {
      "maxLength": 40
    },
    "frequencyCaps": {
      "maxLength": 20,
      "message": "heed.contacts.v1.FrequencyCap",
      "list": true
    },
    "contactHours": {
      "maxLength": 50,
      "message": "heed.contacts.v1.ContactHours",
      "list": true
    },
    "updatedAt": {
      "maxLength": 35
    },
    "optOutConfirmation": {
      "message": "heed.contacts.v1.OptOutConfirmation"
    }
  },
  "heed.contacts.v1.CountCountriesRequest": {
    "listId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.CountCountriesResponse": {
    "countries": {
      "message": "heed.contacts.v1.CountryCount",
      "list": true
    }
  },
  "heed.contacts.v1.CreateContactRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "firstName": {
      "maxLength": 200,
      "personal": "contact.name"
    },
    "lastName": {
      "maxLength": 200,
      "personal": "contact.name"
    },
    "country": {
      "pattern": "([A-Z]{2})?",
      "personal": "contact.country"
    },
    "email": {
      "maxLength": 254,
      "personal": "contact.address"
    },
    "phone": {
      "maxLength": 40,
      "personal": "contact.address"
    },
    "listIds": {
      "uuid": true,
      "maxLength": 50,
      "list": true
    }
  },
  "heed.contacts.v1.CreateContactResponse": {
    "contact": {
      "message": "heed.contacts.v1.Contact"
    }
  },
  "heed.contacts.v1.CreateListRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "name": {
      "required": true,
      "maxLength": 200
    }
  },
  "heed.contacts.v1.CreateListResponse": {
    "list": {
      "message": "heed.contacts.v1.List"
    }
  },
  "heed.contacts.v1.CreateSignUpFormRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "name": {
      "required": true,
      "maxLength": 100
    },
    "listId": {
      "required": true,
      "uuid": true
    },
    "purposes": {
      "required": true,
      "maxLength": 5,
      "pattern": "[a-z][a-z0-9_-]{0,62}",
      "list": true
    },
    "sender": {
      "maxLength": 254
    },
    "templateId": {
      "required": true,
      "uuid": true
    },
    "wording": {
      "required": true,
      "maxLength": 2000
    },
    "allowedOrigins": {
      "maxLength": 20,
      "list": true
    },
    "language": {
      "pattern": "(en|de|es|fr|hi)?"
    }
  },
  "heed.contacts.v1.CreateSignUpFormResponse": {
    "signUpForm": {
      "message": "heed.contacts.v1.SignUpForm"
    }
  },
  "heed.contacts.v1.Denial": {
    "reason": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        20
      ]
    }
  },
  "heed.contacts.v1.Endpoint": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "address": {
      "personal": "contact.address"
    }
  },
  "heed.contacts.v1.ExplainPermitRequest": {
    "contactId": {
      "required": true,
      "uuid": true
    },
    "channel": {
      "required": true,
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    },
    "sender": {
      "maxLength": 254,
      "pattern": "([^ @<>]{1,64}@[A-Za-z0-9.-]{3,189}|[+][1-9][0-9]{6,14})?"
    }
  },
  "heed.contacts.v1.ExplainPermitResponse": {
    "denial": {
      "message": "heed.contacts.v1.Denial"
    },
    "rules": {
      "message": "heed.contacts.v1.RuleResult",
      "list": true
    }
  },
  "heed.contacts.v1.FilterAgreeingRequest": {
    "contactIds": {
      "required": true,
      "uuid": true,
      "maxLength": 1000,
      "list": true
    },
    "channel": {
      "required": true,
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    }
  },
  "heed.contacts.v1.FilterAgreeingResponse": {
    "contactIds": {
      "list": true
    }
  },
  "heed.contacts.v1.FindSubjectsRequest": {
    "emails": {
      "maxLength": 20,
      "personal": "contact.address",
      "list": true
    },
    "phones": {
      "maxLength": 20,
      "personal": "contact.address",
      "list": true
    }
  },
  "heed.contacts.v1.FindSubjectsResponse": {
    "contactIds": {
      "list": true
    }
  },
  "heed.contacts.v1.FrequencyCap": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "pattern": "([a-z][a-z0-9_-]{0,62})?"
    },
    "most": {
      "min": 1,
      "max": 1000
    },
    "periodHours": {
      "min": 1,
      "max": 816
    }
  },
  "heed.contacts.v1.GetConsentRequest": {
    "contactId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.GetConsentResponse": {
    "statuses": {
      "message": "heed.contacts.v1.ConsentStatus",
      "list": true
    }
  },
  "heed.contacts.v1.GetContactRequest": {
    "contactId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.GetContactResponse": {
    "contact": {
      "message": "heed.contacts.v1.Contact"
    }
  },
  "heed.contacts.v1.GetContactRulesResponse": {
    "contactRules": {
      "message": "heed.contacts.v1.ContactRules"
    }
  },
  "heed.contacts.v1.GetImportRequest": {
    "importId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.GetImportResponse": {
    "import": {
      "message": "heed.contacts.v1.Import"
    }
  },
  "heed.contacts.v1.GetListRequest": {
    "listId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.GetListResponse": {
    "list": {
      "message": "heed.contacts.v1.List"
    }
  },
  "heed.contacts.v1.GetOptOutRequest": {
    "entryId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.GetOptOutResponse": {
    "entry": {
      "message": "heed.contacts.v1.ConsentEntry"
    },
    "inFlight": {
      "message": "heed.contacts.v1.InFlight",
      "list": true
    }
  },
  "heed.contacts.v1.GetSignUpFormRequest": {
    "signUpFormId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.GetSignUpFormResponse": {
    "signUpForm": {
      "message": "heed.contacts.v1.SignUpForm"
    }
  },
  "heed.contacts.v1.GetSuppressionRotationResponse": {
    "rotation": {
      "message": "heed.contacts.v1.SuppressionRotation"
    }
  },
  "heed.contacts.v1.HeardFrom": {
    "endpointId": {
      "uuid": true
    },
    "optOutToken": {
      "maxLength": 700,
      "personal": "contact.link"
    },
    "endpointHash": {
      "maxLength": 32,
      "personal": "contact.address"
    },
    "address": {
      "maxLength": 254,
      "personal": "contact.address"
    }
  },
  "heed.contacts.v1.Import": {
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "rejectedByReason": {
      "map": true
    }
  },
  "heed.contacts.v1.InFlight": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    }
  },
  "heed.contacts.v1.IssuePermitRequest": {
    "ask": {
      "required": true,
      "message": "heed.contacts.v1.PermitAsk"
    }
  },
  "heed.contacts.v1.IssuePermitResponse": {
    "answer": {
      "message": "heed.contacts.v1.PermitAnswer"
    }
  },
  "heed.contacts.v1.LiftStopsRequest": {
    "requestIds": {
      "required": true,
      "uuid": true,
      "maxLength": 500,
      "list": true
    }
  },
  "heed.contacts.v1.ListChangesRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    }
  },
  "heed.contacts.v1.ListChangesResponse": {
    "changes": {
      "message": "heed.contacts.v1.Change",
      "list": true
    }
  },
  "heed.contacts.v1.ListConsentEntriesRequest": {
    "contactId": {
      "required": true,
      "uuid": true
    },
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    },
    "state": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "recordedAfter": {
      "time": true
    },
    "recordedBefore": {
      "time": true
    }
  },
  "heed.contacts.v1.ListConsentEntriesResponse": {
    "entries": {
      "message": "heed.contacts.v1.ConsentEntry",
      "list": true
    }
  },
  "heed.contacts.v1.ListContactsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "listId": {
      "uuid": true
    },
    "address": {
      "maxLength": 254,
      "personal": "contact.address"
    },
    "country": {
      "pattern": "[A-Z]{2}",
      "personal": "contact.country"
    },
    "createdAfter": {
      "time": true
    },
    "createdBefore": {
      "time": true
    }
  },
  "heed.contacts.v1.ListContactsResponse": {
    "contacts": {
      "message": "heed.contacts.v1.Contact",
      "list": true
    }
  },
  "heed.contacts.v1.ListImportsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "listId": {
      "uuid": true
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "createdAfter": {
      "time": true
    },
    "createdBefore": {
      "time": true
    }
  },
  "heed.contacts.v1.ListImportsResponse": {
    "imports": {
      "message": "heed.contacts.v1.Import",
      "list": true
    }
  },
  "heed.contacts.v1.ListListsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "nameContains": {
      "maxLength": 100
    }
  },
  "heed.contacts.v1.ListListsResponse": {
    "lists": {
      "message": "heed.contacts.v1.List",
      "list": true
    }
  },
  "heed.contacts.v1.ListSignUpFormsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    }
  },
  "heed.contacts.v1.ListSignUpFormsResponse": {
    "signUpForms": {
      "message": "heed.contacts.v1.SignUpForm",
      "list": true
    }
  },
  "heed.contacts.v1.OptOutConfirmation": {
    "sources": {
      "maxLength": 7,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12
      ],
      "list": true
    },
    "withinMinutes": {
      "min": 0,
      "max": 10
    },
    "language": {
      "pattern": "(en|de|es|fr|hi)?"
    }
  },
  "heed.contacts.v1.OptOutConfirmationDue": {
    "attemptId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "pattern": "([a-z][a-z0-9_-]{0,62})?"
    },
    "confirmBy": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    },
    "language": {
      "pattern": "([a-z]{2})?"
    }
  },
  "heed.contacts.v1.Permit": {
    "address": {
      "personal": "contact.address"
    },
    "fields": {
      "personal": "contact.profile",
      "map": true
    },
    "path": {
      "list": true
    },
    "optOutUrl": {
      "personal": "contact.link"
    }
  },
  "heed.contacts.v1.PermitAnswer": {
    "permit": {
      "message": "heed.contacts.v1.Permit",
      "oneof": "answer"
    },
    "denial": {
      "message": "heed.contacts.v1.Denial",
      "oneof": "answer"
    }
  },
  "heed.contacts.v1.PermitAsk": {
    "attemptId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "channel": {
      "required": true,
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    },
    "nonce": {
      "required": true,
      "maxLength": 16
    },
    "templateFields": {
      "maxLength": 20,
      "list": true
    },
    "sender": {
      "maxLength": 254,
      "pattern": "([^ @<>]{1,64}@[A-Za-z0-9.-]{3,189}|[+][1-9][0-9]{6,14})?"
    }
  },
  "heed.contacts.v1.RecordConsentRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "channel": {
      "required": true,
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    },
    "basis": {
      "required": true,
      "pattern": "consent|contract|legitimate_interest"
    },
    "saidAt": {
      "maxLength": 35
    },
    "evidence": {
      "maxLength": 2000,
      "personal": "contact.evidence"
    },
    "sender": {
      "maxLength": 254,
      "pattern": "([^ @<>]{1,64}@[A-Za-z0-9.-]{3,189}|[+][1-9][0-9]{6,14})?"
    }
  },
  "heed.contacts.v1.RecordConsentResponse": {
    "entry": {
      "message": "heed.contacts.v1.ConsentEntry"
    }
  },
  "heed.contacts.v1.RecordOptOutRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "uuid": true
    },
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "purpose": {
      "pattern": "([a-z][a-z0-9_-]{0,62})?"
    },
    "source": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12
      ]
    },
    "evidence": {
      "maxLength": 2000,
      "personal": "contact.evidence"
    },
    "heardFrom": {
      "message": "heed.contacts.v1.HeardFrom"
    },
    "sender": {
      "maxLength": 254,
      "pattern": "([^ @<>]{1,64}@[A-Za-z0-9.-]{3,189}|[+][1-9][0-9]{6,14})?"
    }
  },
  "heed.contacts.v1.RecordOptOutResponse": {
    "entry": {
      "message": "heed.contacts.v1.ConsentEntry"
    },
    "effect": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    }
  },
  "heed.contacts.v1.ReturnPermitsRequest": {
    "permitIds": {
      "required": true,
      "uuid": true,
      "maxLength": 500,
      "list": true
    }
  },
  "heed.contacts.v1.RevealContactRequest": {
    "contactId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.RevealContactResponse": {
    "contact": {
      "message": "heed.contacts.v1.Contact"
    }
  },
  "heed.contacts.v1.RotateSuppressionKeyResponse": {
    "rotation": {
      "message": "heed.contacts.v1.SuppressionRotation"
    }
  },
  "heed.contacts.v1.RuleResult": {
    "verdict": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    },
    "reason": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        20
      ]
    }
  },
  "heed.contacts.v1.SignUpConfirmationDue": {
    "attemptId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "templateId": {
      "required": true,
      "uuid": true
    },
    "language": {
      "pattern": "[a-z]{2}"
    },
    "expiresAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    }
  },
  "heed.contacts.v1.SignUpForm": {
    "purposes": {
      "list": true
    },
    "allowedOrigins": {
      "list": true
    }
  },
  "heed.contacts.v1.StopPermitsRequest": {
    "contactIds": {
      "required": true,
      "uuid": true,
      "maxLength": 500,
      "list": true
    },
    "requestId": {
      "uuid": true
    },
    "requestIds": {
      "uuid": true,
      "maxLength": 500,
      "list": true
    }
  },
  "heed.contacts.v1.StopPermitsResponse": {
    "addresses": {
      "message": "heed.contacts.v1.StoppedAddress",
      "list": true
    }
  },
  "heed.contacts.v1.StoppedAddress": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "address": {
      "personal": "contact.address"
    }
  },
  "heed.contacts.v1.StreamMembersRequest": {
    "listId": {
      "required": true,
      "uuid": true
    },
    "afterContactId": {
      "uuid": true
    },
    "limit": {
      "min": 0
    }
  },
  "heed.contacts.v1.StreamMembersResponse": {
    "contactIds": {
      "list": true
    }
  },
  "heed.contacts.v1.StreamPermitsRequest": {
    "ask": {
      "required": true,
      "message": "heed.contacts.v1.PermitAsk"
    },
    "usableMs": {
      "min": 1,
      "max": 10000
    }
  },
  "heed.contacts.v1.StreamPermitsResponse": {
    "answer": {
      "message": "heed.contacts.v1.PermitAnswer"
    }
  },
  "heed.contacts.v1.SubjectCorrected": {
    "contactId": {
      "required": true,
      "uuid": true
    },
    "requestId": {
      "required": true,
      "uuid": true
    },
    "fields": {
      "pattern": "first_name|last_name|country|email|phone",
      "list": true
    }
  },
  "heed.contacts.v1.SubjectErased": {
    "contactId": {
      "required": true,
      "uuid": true
    },
    "requestId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.SuppressionRotation": {
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "begunAt": {
      "maxLength": 35
    },
    "endedAt": {
      "maxLength": 35
    }
  },
  "heed.contacts.v1.UpdateContactRulesRequest": {
    "contactRules": {
      "required": true,
      "message": "heed.contacts.v1.ContactRules"
    },
    "updateMask": {
      "maxLength": 3,
      "pattern": "frequency_caps|contact_hours|opt_out_confirmation",
      "list": true
    }
  },
  "heed.contacts.v1.UpdateContactRulesResponse": {
    "contactRules": {
      "message": "heed.contacts.v1.ContactRules"
    }
  },
  "heed.contacts.v1.UpdateSignUpFormRequest": {
    "signUpFormId": {
      "required": true,
      "uuid": true
    },
    "updateMask": {
      "required": true,
      "maxLength": 3,
      "pattern": "wording|allowed_origins|is_open",
      "list": true
    },
    "wording": {
      "maxLength": 2000
    },
    "allowedOrigins": {
      "maxLength": 20,
      "list": true
    }
  },
  "heed.contacts.v1.UpdateSignUpFormResponse": {
    "signUpForm": {
      "message": "heed.contacts.v1.SignUpForm"
    }
  },
  "heed.contacts.v1.WatchImportRequest": {
    "importId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.contacts.v1.WatchImportResponse": {
    "import": {
      "message": "heed.contacts.v1.Import"
    }
  },
  "heed.datarights.v1.Correction": {
    "field": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    },
    "value": {
      "maxLength": 254,
      "personal": "contact.field"
    },
    "endpointId": {
      "uuid": true
    },
    "previous": {
      "maxLength": 254,
      "personal": "contact.address"
    }
  },
  "heed.datarights.v1.DestroyExportRequest": {
    "orderId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.datarights.v1.FetchExportRequest": {
    "orderId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.datarights.v1.FetchExportResponse": {
    "chunk": {
      "personal": "request.export"
    }
  },
  "heed.datarights.v1.GetReceiptRequest": {
    "batchId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.datarights.v1.GetReceiptResponse": {
    "receipt": {
      "message": "heed.datarights.v1.Receipt"
    },
    "openings": {
      "message": "heed.datarights.v1.ReceiptOpening",
      "list": true
    }
  },
  "heed.datarights.v1.Order": {
    "orderId": {
      "required": true,
      "uuid": true
    },
    "requestId": {
      "required": true,
      "uuid": true
    },
    "subjectId": {
      "required": true,
      "uuid": true
    },
    "subjectKind": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "aliases": {
      "uuid": true,
      "maxLength": 100,
      "list": true
    },
    "handle": {
      "uuid": true
    }
  },
  "heed.datarights.v1.OrderBatch": {
    "batchId": {
      "required": true,
      "uuid": true
    },
    "tenantId": {
      "required": true,
      "uuid": true
    },
    "action": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    },
    "orders": {
      "message": "heed.datarights.v1.Order",
      "list": true
    },
    "issuedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    },
    "manifests": {
      "pattern": "[a-z0-9]{1,64}",
      "map": true
    }
  },
  "heed.datarights.v1.OrdersIssued": {
    "batchId": {
      "required": true,
      "uuid": true
    },
    "batch": {
      "required": true,
      "maxLength": 1000000,
      "embeds": "heed.datarights.v1.OrderBatch"
    },
    "keyId": {
      "required": true,
      "pattern": "[0-9a-f]{16}"
    },
    "signature": {
      "required": true,
      "maxLength": 64
    }
  },
  "heed.datarights.v1.Receipt": {
    "receiptId": {
      "required": true,
      "uuid": true
    },
    "batchId": {
      "required": true,
      "uuid": true
    },
    "service": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{1,40}"
    },
    "action": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    },
    "root": {
      "required": true,
      "maxLength": 32
    },
    "treeSize": {
      "min": 1
    },
    "manifestVersion": {
      "required": true,
      "pattern": "[0-9a-f]{64}"
    },
    "signedAt": {
      "required": true,
      "time": true
    },
    "keyId": {
      "required": true,
      "pattern": "[0-9a-f]{16}"
    },
    "signature": {
      "required": true,
      "maxLength": 64
    }
  },
  "heed.datarights.v1.ReceiptOpening": {
    "orderId": {
      "required": true,
      "uuid": true
    },
    "statement": {
      "personal": "request.statement"
    },
    "salt": {
      "required": true,
      "maxLength": 32
    },
    "leafIndex": {
      "min": 0
    },
    "path": {
      "maxLength": 64,
      "list": true
    },
    "entries": {
      "message": "heed.datarights.v1.StoreEntry",
      "list": true
    }
  },
  "heed.datarights.v1.ReceiptSigned": {
    "receiptId": {
      "required": true,
      "uuid": true
    },
    "batchId": {
      "required": true,
      "uuid": true
    },
    "service": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{1,40}"
    },
    "action": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    },
    "root": {
      "required": true,
      "maxLength": 32
    },
    "manifestVersion": {
      "required": true,
      "pattern": "[0-9a-f]{64}"
    },
    "signedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    },
    "keyId": {
      "required": true,
      "pattern": "[0-9a-f]{16}"
    },
    "signature": {
      "required": true,
      "maxLength": 64
    }
  },
  "heed.datarights.v1.RunSweepRequest": {
    "sweepId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.datarights.v1.RunSweepResponse": {
    "receipt": {
      "message": "heed.datarights.v1.SweepReceipt"
    },
    "openings": {
      "message": "heed.datarights.v1.SweepOpening",
      "list": true
    }
  },
  "heed.datarights.v1.StoreEntry": {
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12
      ]
    }
  },
  "heed.datarights.v1.SweepHit": {
    "store": {
      "maxLength": 200
    },
    "column": {
      "maxLength": 200
    },
    "row": {
      "maxLength": 2000
    }
  },
  "heed.datarights.v1.SweepOpening": {
    "statement": {
      "personal": "request.statement"
    },
    "salt": {
      "required": true,
      "maxLength": 32
    },
    "position": {
      "min": 0
    },
    "path": {
      "maxLength": 64,
      "list": true
    },
    "hits": {
      "message": "heed.datarights.v1.SweepHit",
      "list": true
    }
  },
  "heed.datarights.v1.SweepReceipt": {
    "sweepId": {
      "required": true,
      "uuid": true
    },
    "service": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{1,40}"
    },
    "root": {
      "required": true,
      "maxLength": 32
    },
    "treeSize": {
      "min": 1
    },
    "signedAt": {
      "required": true,
      "time": true
    },
    "keyId": {
      "required": true,
      "pattern": "[0-9a-f]{16}"
    },
    "signature": {
      "required": true,
      "maxLength": 64
    }
  },
  "heed.datarights.v1.WitnessCheckpointRequest": {
    "vkey": {
      "required": true,
      "maxLength": 400
    },
    "checkpoint": {
      "required": true,
      "maxLength": 2000
    },
    "oldSize": {
      "min": 0
    },
    "proof": {
      "maxLength": 64,
      "list": true
    },
    "keyChanges": {
      "maxLength": 100,
      "message": "heed.datarights.v1.WitnessedKeyChange",
      "list": true
    },
    "firstLeaf": {
      "maxLength": 4000
    },
    "firstLeafProof": {
      "maxLength": 64,
      "list": true
    }
  },
  "heed.datarights.v1.WitnessedKeyChange": {
    "leaf": {
      "maxLength": 1000
    },
    "proof": {
      "maxLength": 64,
      "list": true
    },
    "checkpoint": {
      "maxLength": 2000
    }
  },
  "heed.identity.v1.ApiKey": {
    "name": {
      "maxLength": 80
    },
    "scopes": {
      "list": true
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    }
  },
  "heed.identity.v1.BatchIssuePermitsRequest": {
    "asks": {
      "required": true,
      "maxLength": 500,
      "message": "heed.contacts.v1.PermitAsk",
      "list": true
    }
  },
  "heed.identity.v1.BatchIssuePermitsResponse": {
    "answers": {
      "message": "heed.contacts.v1.PermitAnswer",
      "list": true
    }
  },
  "heed.identity.v1.BootstrapOperatorRequest": {
    "bootstrapSecret": {
      "required": true,
      "maxLength": 200
    },
    "email": {
      "required": true,
      "maxLength": 254,
      "personal": "operator.email"
    },
    "password": {
      "required": true,
      "maxLength": 200
    }
  },
  "heed.identity.v1.CreateApiKeyRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "name": {
      "required": true,
      "pattern": "[A-Za-z0-9][A-Za-z0-9 ._/-]{0,79}"
    },
    "scopes": {
      "required": true,
      "maxLength": 50,
      "list": true
    },
    "expiresAt": {
      "maxLength": 35
    }
  },
  "heed.identity.v1.CreateApiKeyResponse": {
    "apiKey": {
      "message": "heed.identity.v1.ApiKey"
    }
  },
  "heed.identity.v1.CreateTenantRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "slug": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{1,38}[a-z0-9]"
    },
    "name": {
      "required": true,
      "maxLength": 200
    },
    "ownerEmail": {
      "required": true,
      "maxLength": 254,
      "personal": "member.email"
    },
    "ownerName": {
      "required": true,
      "maxLength": 200,
      "personal": "member.name"
    }
  },
  "heed.identity.v1.CreateTenantResponse": {
    "tenant": {
      "message": "heed.identity.v1.Tenant"
    }
  },
  "heed.identity.v1.ExchangeApiKeyRequest": {
    "key": {
      "required": true,
      "maxLength": 200
    }
  },
  "heed.identity.v1.ExchangeApiKeyResponse": {
    "scopes": {
      "list": true
    }
  },
  "heed.identity.v1.GetApiKeyRequest": {
    "apiKeyId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.identity.v1.GetApiKeyResponse": {
    "apiKey": {
      "message": "heed.identity.v1.ApiKey"
    }
  },
  "heed.identity.v1.GetMemberRequest": {
    "memberId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.identity.v1.GetMemberResponse": {
    "member": {
      "message": "heed.identity.v1.Member"
    }
  },
  "heed.identity.v1.GetSelfResponse": {
    "member": {
      "message": "heed.identity.v1.Member"
    },
    "permissions": {
      "list": true
    }
  },
  "heed.identity.v1.GetTenantResponse": {
    "tenant": {
      "message": "heed.identity.v1.Tenant"
    }
  },
  "heed.identity.v1.InviteMemberRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "email": {
      "required": true,
      "maxLength": 254,
      "personal": "member.email"
    },
    "name": {
      "required": true,
      "maxLength": 200,
      "personal": "member.name"
    },
    "roles": {
      "required": true,
      "maxLength": 10,
      "list": true
    }
  },
  "heed.identity.v1.InviteMemberResponse": {
    "member": {
      "message": "heed.identity.v1.Member"
    }
  },
  "heed.identity.v1.ListApiKeysRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    },
    "memberId": {
      "uuid": true
    },
    "namePrefix": {
      "maxLength": 80
    }
  },
  "heed.identity.v1.ListApiKeysResponse": {
    "apiKeys": {
      "message": "heed.identity.v1.ApiKey",
      "list": true
    }
  },
  "heed.identity.v1.ListMembersRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    },
    "role": {
      "maxLength": 40
    },
    "namePrefix": {
      "maxLength": 200,
      "personal": "member.name"
    }
  },
  "heed.identity.v1.ListMembersResponse": {
    "members": {
      "message": "heed.identity.v1.Member",
      "list": true
    }
  },
  "heed.identity.v1.ListServiceKeysResponse": {
    "keys": {
      "message": "heed.identity.v1.ServiceKey",
      "list": true
    }
  },
  "heed.identity.v1.ListTenantsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "slugPrefix": {
      "pattern": "([a-z][a-z0-9-]{0,39})?"
    }
  },
  "heed.identity.v1.ListTenantsResponse": {
    "tenants": {
      "message": "heed.identity.v1.Tenant",
      "list": true
    }
  },
  "heed.identity.v1.Member": {
    "email": {
      "personal": "member.email"
    },
    "name": {
      "personal": "member.name"
    },
    "roles": {
      "list": true
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    }
  },
  "heed.identity.v1.MemberMessageRequested": {
    "messageId": {
      "required": true,
      "uuid": true
    },
    "memberId": {
      "required": true,
      "uuid": true
    },
    "notice": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9
      ]
    },
    "requestedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    }
  },
  "heed.identity.v1.RegisterServiceKeyRequest": {
    "service": {
      "required": true,
      "pattern": "identity|contacts|campaigns|telephony|messaging|privacy"
    },
    "publicKey": {
      "required": true,
      "maxLength": 32
    },
    "proof": {
      "required": true,
      "maxLength": 64
    },
    "endorsement": {
      "maxLength": 64
    }
  },
  "heed.identity.v1.RevokeApiKeyRequest": {
    "apiKeyId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.identity.v1.RevokeApiKeyResponse": {
    "apiKey": {
      "message": "heed.identity.v1.ApiKey"
    }
  },
  "heed.identity.v1.RevokeServiceKeyRequest": {
    "service": {
      "required": true,
      "pattern": "identity|contacts|campaigns|telephony|messaging|privacy"
    },
    "keyId": {
      "required": true,
      "pattern": "[0-9a-f]{16}"
    },
    "successor": {
      "maxLength": 32
    },
    "successorProof": {
      "maxLength": 64
    }
  },
  "heed.identity.v1.Tenant": {
    "name": {
      "maxLength": 200
    }
  },
  "heed.identity.v1.UnlockMemberRequest": {
    "memberId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.identity.v1.UnlockMemberResponse": {
    "member": {
      "message": "heed.identity.v1.Member"
    }
  },
  "heed.messaging.v1.Attempt": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4
      ]
    },
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "delivery": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    }
  },
  "heed.messaging.v1.AttemptConcluded": {
    "attemptId": {
      "required": true,
      "uuid": true
    },
    "intentId": {
      "uuid": true
    },
    "campaignId": {
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "reason": {
      "pattern": "[a-z0-9_]{0,40}"
    },
    "concludedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    },
    "retryAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    }
  },
  "heed.messaging.v1.CreateProviderConnectionRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "name": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    }
  },
  "heed.messaging.v1.CreateProviderConnectionResponse": {
    "providerConnection": {
      "message": "heed.messaging.v1.ProviderConnection"
    }
  },
  "heed.messaging.v1.CreateSenderDomainRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "domain": {
      "required": true,
      "maxLength": 253
    }
  },
  "heed.messaging.v1.CreateSenderDomainResponse": {
    "senderDomain": {
      "message": "heed.messaging.v1.SenderDomain"
    }
  },
  "heed.messaging.v1.DecideReplyRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "replyId": {
      "required": true,
      "uuid": true
    },
    "decision": {
      "required": true,
      "enum": [
        0,
        1,
        2
      ]
    }
  },
  "heed.messaging.v1.DecideReplyResponse": {
    "reply": {
      "message": "heed.messaging.v1.Reply"
    }
  },
  "heed.messaging.v1.DeleteProviderConnectionRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "providerConnectionId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.DeleteSenderDomainRequest": {
    "senderDomainId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.DeliveryReported": {
    "attemptId": {
      "required": true,
      "uuid": true
    },
    "intentId": {
      "uuid": true
    },
    "campaignId": {
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "endpointId": {
      "required": true,
      "uuid": true
    },
    "delivery": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "code": {
      "pattern": "[a-z0-9_]{0,40}"
    },
    "reportedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    }
  },
  "heed.messaging.v1.DnsRecord": {
    "kind": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    }
  },
  "heed.messaging.v1.DomainCheck": {
    "kind": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    }
  },
  "heed.messaging.v1.Engagement": {
    "kind": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    },
    "reason": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7
      ]
    }
  },
  "heed.messaging.v1.EngagementRecorded": {
    "attemptId": {
      "required": true,
      "uuid": true
    },
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "recordedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    }
  },
  "heed.messaging.v1.GetAttemptRequest": {
    "attemptId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.GetAttemptResponse": {
    "attempt": {
      "message": "heed.messaging.v1.Attempt"
    }
  },
  "heed.messaging.v1.GetPermitProofRequest": {
    "attemptId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.GetPermitProofResponse": {
    "path": {
      "list": true
    }
  },
  "heed.messaging.v1.GetSenderDomainRequest": {
    "senderDomainId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.GetSenderDomainResponse": {
    "senderDomain": {
      "message": "heed.messaging.v1.SenderDomain"
    }
  },
  "heed.messaging.v1.ListAttemptsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "campaignId": {
      "uuid": true
    },
    "contactId": {
      "uuid": true
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4
      ]
    },
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "reason": {
      "pattern": "[a-z0-9_]{1,40}"
    },
    "queuedAfter": {
      "time": true
    },
    "queuedBefore": {
      "time": true
    }
  },
  "heed.messaging.v1.ListAttemptsResponse": {
    "attempts": {
      "message": "heed.messaging.v1.Attempt",
      "list": true
    }
  },
  "heed.messaging.v1.ListEngagementsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "campaignId": {
      "uuid": true
    },
    "contactId": {
      "uuid": true
    },
    "attemptId": {
      "uuid": true
    },
    "kind": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    }
  },
  "heed.messaging.v1.ListEngagementsResponse": {
    "engagements": {
      "message": "heed.messaging.v1.Engagement",
      "list": true
    }
  },
  "heed.messaging.v1.ListProviderConnectionsResponse": {
    "providerConnections": {
      "message": "heed.messaging.v1.ProviderConnection",
      "list": true
    }
  },
  "heed.messaging.v1.ListRepliesRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "contactId": {
      "uuid": true
    }
  },
  "heed.messaging.v1.ListRepliesResponse": {
    "replies": {
      "message": "heed.messaging.v1.Reply",
      "list": true
    }
  },
  "heed.messaging.v1.ListSenderDomainsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    }
  },
  "heed.messaging.v1.ListSenderDomainsResponse": {
    "senderDomains": {
      "message": "heed.messaging.v1.SenderDomain",
      "list": true
    }
  },
  "heed.messaging.v1.MessageContent": {
    "subject": {
      "personal": "contact.message"
    },
    "textBody": {
      "personal": "contact.message"
    },
    "htmlBody": {
      "personal": "contact.message"
    }
  },
  "heed.messaging.v1.Reply": {
    "decision": {
      "enum": [
        0,
        1,
        2
      ]
    }
  },
  "heed.messaging.v1.RevealMessageRequest": {
    "attemptId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.RevealMessageResponse": {
    "content": {
      "message": "heed.messaging.v1.MessageContent"
    }
  },
  "heed.messaging.v1.RevealReplyRequest": {
    "replyId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.RevealReplyResponse": {
    "subject": {
      "personal": "contact.message"
    },
    "textBody": {
      "personal": "contact.message"
    }
  },
  "heed.messaging.v1.RotateProviderSecretRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "providerConnectionId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.RotateProviderSecretResponse": {
    "providerConnection": {
      "message": "heed.messaging.v1.ProviderConnection"
    }
  },
  "heed.messaging.v1.RotateSenderDomainKeyRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "senderDomainId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.RotateSenderDomainKeyResponse": {
    "senderDomain": {
      "message": "heed.messaging.v1.SenderDomain"
    }
  },
  "heed.messaging.v1.SendMessageRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "purpose": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    },
    "templateId": {
      "required": true,
      "uuid": true
    },
    "values": {
      "maxLength": 50,
      "personal": "contact.message",
      "map": true
    }
  },
  "heed.messaging.v1.SendMessageResponse": {
    "attempt": {
      "message": "heed.messaging.v1.Attempt"
    }
  },
  "heed.messaging.v1.SenderDomain": {
    "state": {
      "enum": [
        0,
        1,
        2,
        3
      ]
    },
    "checks": {
      "message": "heed.messaging.v1.DomainCheck",
      "list": true
    },
    "records": {
      "message": "heed.messaging.v1.DnsRecord",
      "list": true
    }
  },
  "heed.messaging.v1.VerifySenderDomainRequest": {
    "senderDomainId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.messaging.v1.VerifySenderDomainResponse": {
    "senderDomain": {
      "message": "heed.messaging.v1.SenderDomain"
    }
  },
  "heed.privacy.v1.ApproveRequestRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "verification": {
      "pattern": "(email_code|phone_code|document|known_to_agent)?"
    }
  },
  "heed.privacy.v1.ApproveRequestResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.AuditEntry": {
    "entryId": {
      "required": true,
      "uuid": true
    },
    "at": {
      "required": true,
      "maxLength": 35
    },
    "actorId": {
      "required": true,
      "maxLength": 64
    },
    "action": {
      "required": true,
      "maxLength": 200
    },
    "subjectId": {
      "uuid": true
    },
    "service": {
      "maxLength": 40
    }
  },
  "heed.privacy.v1.BatchCreateErasuresRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "contactIds": {
      "required": true,
      "uuid": true,
      "maxLength": 500,
      "list": true
    },
    "verification": {
      "required": true,
      "pattern": "email_code|phone_code|document|known_to_agent|none"
    }
  },
  "heed.privacy.v1.BatchCreateErasuresResponse": {
    "erasures": {
      "message": "heed.privacy.v1.TakenErasure",
      "list": true
    }
  },
  "heed.privacy.v1.BatchGetIdentifiersRequest": {
    "handles": {
      "required": true,
      "uuid": true,
      "maxLength": 500,
      "list": true
    }
  },
  "heed.privacy.v1.BatchGetIdentifiersResponse": {
    "people": {
      "message": "heed.privacy.v1.IdentifiedPerson",
      "list": true
    }
  },
  "heed.privacy.v1.BatchIssuePermitsRequest": {
    "asks": {
      "required": true,
      "maxLength": 500,
      "message": "heed.contacts.v1.PermitAsk",
      "list": true
    }
  },
  "heed.privacy.v1.BatchIssuePermitsResponse": {
    "answers": {
      "message": "heed.contacts.v1.PermitAnswer",
      "list": true
    }
  },
  "heed.privacy.v1.BeginSweepResponse": {
    "sweep": {
      "message": "heed.privacy.v1.Sweep"
    }
  },
  "heed.privacy.v1.CancelRequestRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.CancelRequestResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.ChangeParticipantKeyRequest": {
    "change": {
      "required": true,
      "maxLength": 1000
    },
    "signature": {
      "required": true,
      "maxLength": 64
    },
    "newSignature": {
      "required": true,
      "maxLength": 64
    }
  },
  "heed.privacy.v1.CloseWithExceptionsRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "reason": {
      "required": true,
      "pattern": "[a-z][a-z0-9_]{2,59}"
    }
  },
  "heed.privacy.v1.CloseWithExceptionsResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.CreateRequestRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "right": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "subjectId": {
      "uuid": true
    },
    "subjectKind": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "email": {
      "maxLength": 254,
      "personal": "contact.address"
    },
    "phone": {
      "maxLength": 40,
      "personal": "contact.address"
    },
    "verification": {
      "required": true,
      "pattern": "email_code|phone_code|document|known_to_agent|none"
    },
    "replyTo": {
      "maxLength": 254,
      "pattern": "([^\\s@\"<>(),;:]{1,64}@[^\\s@\"<>(),;:]{1,253})?",
      "personal": "contact.address"
    },
    "informed": {
      "pattern": "(letter|phone_call|in_person)?"
    },
    "corrections": {
      "maxLength": 20,
      "message": "heed.datarights.v1.Correction",
      "list": true
    }
  },
  "heed.privacy.v1.CreateRequestResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.EnrolParticipantRequest": {
    "name": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{1,39}"
    },
    "publicKey": {
      "required": true,
      "maxLength": 32
    },
    "tenantIds": {
      "uuid": true,
      "maxLength": 1000,
      "list": true
    }
  },
  "heed.privacy.v1.EnrolParticipantResponse": {
    "participant": {
      "message": "heed.privacy.v1.Participant"
    }
  },
  "heed.privacy.v1.ExportDatasetsRequest": {
    "service": {
      "maxLength": 40
    }
  },
  "heed.privacy.v1.ExtendRequestRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "because": {
      "required": true,
      "pattern": "complexity|number_of_requests"
    }
  },
  "heed.privacy.v1.ExtendRequestResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.GetCertificateRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.GetCertificateResponse": {
    "certificate": {
      "personal": "request.certificate"
    }
  },
  "heed.privacy.v1.GetCheckpointResponse": {
    "witnesses": {
      "message": "heed.privacy.v1.LogWitness",
      "list": true
    }
  },
  "heed.privacy.v1.GetConsistencyProofRequest": {
    "oldSize": {
      "min": 0
    },
    "newSize": {
      "min": 0
    }
  },
  "heed.privacy.v1.GetConsistencyProofResponse": {
    "proof": {
      "list": true
    }
  },
  "heed.privacy.v1.GetCorrectionsRequest": {
    "handle": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.GetCorrectionsResponse": {
    "corrections": {
      "message": "heed.datarights.v1.Correction",
      "list": true
    }
  },
  "heed.privacy.v1.GetHoldRequest": {
    "holdId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.GetHoldResponse": {
    "hold": {
      "message": "heed.privacy.v1.Hold"
    }
  },
  "heed.privacy.v1.GetIdentifiersRequest": {
    "handle": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.GetIdentifiersResponse": {
    "emails": {
      "personal": "contact.address",
      "list": true
    },
    "phones": {
      "personal": "contact.address",
      "list": true
    }
  },
  "heed.privacy.v1.GetManifestRequest": {
    "service": {
      "required": true,
      "maxLength": 40
    },
    "version": {
      "pattern": "([0-9a-f]{64})?"
    }
  },
  "heed.privacy.v1.GetRequestRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.GetRequestResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.GetReviewRulesResponse": {
    "reviewRules": {
      "message": "heed.privacy.v1.ReviewRules"
    }
  },
  "heed.privacy.v1.GetStoreRequest": {
    "service": {
      "required": true,
      "maxLength": 40
    },
    "name": {
      "required": true,
      "maxLength": 100
    }
  },
  "heed.privacy.v1.GetStoreResponse": {
    "store": {
      "message": "heed.privacy.v1.Store"
    },
    "columns": {
      "message": "heed.privacy.v1.StoreColumn",
      "list": true
    }
  },
  "heed.privacy.v1.GetSubjectCorrectionsRequest": {
    "handle": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.GetSubjectCorrectionsResponse": {
    "corrections": {
      "message": "heed.datarights.v1.Correction",
      "list": true
    }
  },
  "heed.privacy.v1.GetSubjectIdentifiersRequest": {
    "handle": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.GetSubjectIdentifiersResponse": {
    "emails": {
      "personal": "contact.address",
      "list": true
    },
    "phones": {
      "personal": "contact.address",
      "list": true
    }
  },
  "heed.privacy.v1.Hold": {
    "subjectKind": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "tooLate": {
      "message": "heed.privacy.v1.TooLate",
      "list": true
    }
  },
  "heed.privacy.v1.HoldChanged": {
    "holdId": {
      "required": true,
      "uuid": true
    },
    "subjectId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.IdentifiedPerson": {
    "handle": {
      "uuid": true
    },
    "emails": {
      "personal": "contact.address",
      "list": true
    },
    "phones": {
      "personal": "contact.address",
      "list": true
    }
  },
  "heed.privacy.v1.ListAuditEntriesRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "subjectId": {
      "uuid": true
    },
    "actorId": {
      "maxLength": 64
    },
    "action": {
      "maxLength": 200
    },
    "service": {
      "maxLength": 40
    },
    "atAfter": {
      "time": true
    },
    "atBefore": {
      "time": true
    }
  },
  "heed.privacy.v1.ListAuditEntriesResponse": {
    "entries": {
      "message": "heed.privacy.v1.AuditEntry",
      "list": true
    }
  },
  "heed.privacy.v1.ListHoldsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "subjectId": {
      "uuid": true
    },
    "matter": {
      "maxLength": 60
    }
  },
  "heed.privacy.v1.ListHoldsResponse": {
    "holds": {
      "message": "heed.privacy.v1.Hold",
      "list": true
    }
  },
  "heed.privacy.v1.ListLogKeysResponse": {
    "keys": {
      "message": "heed.privacy.v1.LogKey",
      "list": true
    }
  },
  "heed.privacy.v1.ListManifestsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    }
  },
  "heed.privacy.v1.ListManifestsResponse": {
    "manifests": {
      "message": "heed.privacy.v1.ManifestSummary",
      "list": true
    }
  },
  "heed.privacy.v1.ListParticipantsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    }
  },
  "heed.privacy.v1.ListParticipantsResponse": {
    "participants": {
      "message": "heed.privacy.v1.Participant",
      "list": true
    }
  },
  "heed.privacy.v1.ListProbeHitsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    }
  },
  "heed.privacy.v1.ListProbeHitsResponse": {
    "hits": {
      "message": "heed.privacy.v1.ProbeHit",
      "list": true
    }
  },
  "heed.privacy.v1.ListProcessorOrdersRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "requestId": {
      "uuid": true
    }
  },
  "heed.privacy.v1.ListProcessorOrdersResponse": {
    "orders": {
      "message": "heed.privacy.v1.ProcessorOrder",
      "list": true
    }
  },
  "heed.privacy.v1.ListProcessorsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    }
  },
  "heed.privacy.v1.ListProcessorsResponse": {
    "processors": {
      "message": "heed.privacy.v1.Processor",
      "list": true
    }
  },
  "heed.privacy.v1.ListRequestsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10
      ]
    },
    "right": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "subjectId": {
      "uuid": true
    },
    "receivedAfter": {
      "time": true
    },
    "receivedBefore": {
      "time": true
    },
    "dueAfter": {
      "time": true
    },
    "dueBefore": {
      "time": true
    }
  },
  "heed.privacy.v1.ListRequestsResponse": {
    "requests": {
      "message": "heed.privacy.v1.Request",
      "list": true
    }
  },
  "heed.privacy.v1.ListStoresRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "service": {
      "maxLength": 40
    },
    "kind": {
      "pattern": "[a-z]{0,20}"
    },
    "category": {
      "pattern": "[a-z_.]{0,100}"
    }
  },
  "heed.privacy.v1.ListStoresResponse": {
    "stores": {
      "message": "heed.privacy.v1.Store",
      "list": true
    }
  },
  "heed.privacy.v1.ListSweepsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    }
  },
  "heed.privacy.v1.ListSweepsResponse": {
    "sweeps": {
      "message": "heed.privacy.v1.Sweep",
      "list": true
    }
  },
  "heed.privacy.v1.LogKey": {
    "proof": {
      "list": true
    }
  },
  "heed.privacy.v1.NoteInformedRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "informed": {
      "required": true,
      "pattern": "letter|phone_call|in_person"
    }
  },
  "heed.privacy.v1.NoteInformedResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.Participant": {
    "tenantIds": {
      "list": true
    },
    "remains": {
      "message": "heed.privacy.v1.Remains",
      "list": true
    }
  },
  "heed.privacy.v1.PlaceHoldRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "subjectId": {
      "required": true,
      "uuid": true
    },
    "subjectKind": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "ground": {
      "required": true,
      "pattern": "legal_claims|legal_obligation|authority|investigation"
    },
    "matter": {
      "required": true,
      "pattern": "[A-Za-z0-9][A-Za-z0-9._/-]{0,59}"
    },
    "until": {
      "time": true
    }
  },
  "heed.privacy.v1.PlaceHoldResponse": {
    "hold": {
      "message": "heed.privacy.v1.Hold"
    }
  },
  "heed.privacy.v1.ProbeHit": {
    "resolution": {
      "enum": [
        0,
        1,
        2
      ]
    }
  },
  "heed.privacy.v1.ProcessorOrder": {
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    }
  },
  "heed.privacy.v1.PullOrdersRequest": {
    "after": {
      "min": 0
    }
  },
  "heed.privacy.v1.PullOrdersResponse": {
    "orders": {
      "message": "heed.datarights.v1.OrdersIssued"
    }
  },
  "heed.privacy.v1.RecordAccessRequest": {
    "entries": {
      "required": true,
      "maxLength": 500,
      "message": "heed.privacy.v1.AuditEntry",
      "list": true
    }
  },
  "heed.privacy.v1.RecordProcessorAnswerRequest": {
    "processorOrderId": {
      "required": true,
      "uuid": true
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "reference": {
      "pattern": "[ -~]{0,100}"
    },
    "expectedBy": {
      "time": true
    }
  },
  "heed.privacy.v1.RecordProcessorAnswerResponse": {
    "order": {
      "message": "heed.privacy.v1.ProcessorOrder"
    }
  },
  "heed.privacy.v1.RefuseRequestRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "ground": {
      "required": true,
      "pattern": "identity_not_proved|manifestly_unfounded|excessive|not_controller|freedom_of_expression|legal_obligation|public_health|archiving_research|legal_claims|rights_of_others"
    }
  },
  "heed.privacy.v1.RefuseRequestResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.RegisterManifestRequest": {
    "manifest": {
      "required": true,
      "maxLength": 200000
    },
    "signature": {
      "required": true,
      "maxLength": 64
    },
    "keyId": {
      "required": true,
      "pattern": "[0-9a-f]{16}"
    }
  },
  "heed.privacy.v1.RegisterManifestResponse": {
    "stores": {
      "list": true
    }
  },
  "heed.privacy.v1.ReleaseHoldRequest": {
    "holdId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.ReleaseHoldResponse": {
    "hold": {
      "message": "heed.privacy.v1.Hold"
    }
  },
  "heed.privacy.v1.ReplaceParticipantKeyRequest": {
    "name": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{1,39}"
    },
    "publicKey": {
      "required": true,
      "maxLength": 32
    },
    "reason": {
      "required": true,
      "pattern": "lost|stolen"
    }
  },
  "heed.privacy.v1.ReplaceParticipantKeyResponse": {
    "participant": {
      "message": "heed.privacy.v1.Participant"
    }
  },
  "heed.privacy.v1.Request": {
    "right": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10
      ]
    },
    "subjectKind": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "stores": {
      "message": "heed.privacy.v1.StoreState",
      "list": true
    }
  },
  "heed.privacy.v1.RequesterMessageRequested": {
    "messageId": {
      "required": true,
      "uuid": true
    },
    "requesterId": {
      "required": true,
      "uuid": true
    },
    "notice": {
      "required": true,
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9
      ]
    },
    "requestedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    }
  },
  "heed.privacy.v1.ResolveProbeHitRequest": {
    "hitId": {
      "required": true,
      "uuid": true
    },
    "resolution": {
      "required": true,
      "enum": [
        0,
        1,
        2
      ]
    },
    "reason": {
      "required": true,
      "pattern": "[A-Za-z0-9._-]{1,60}"
    }
  },
  "heed.privacy.v1.ResolveProbeHitResponse": {
    "hit": {
      "message": "heed.privacy.v1.ProbeHit"
    }
  },
  "heed.privacy.v1.RetireLostParticipantRequest": {
    "name": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{1,39}"
    },
    "reason": {
      "required": true,
      "pattern": "[a-z0-9_]{1,60}"
    }
  },
  "heed.privacy.v1.RetireLostParticipantResponse": {
    "participant": {
      "message": "heed.privacy.v1.Participant"
    }
  },
  "heed.privacy.v1.RetireParticipantRequest": {
    "retirement": {
      "required": true,
      "maxLength": 100000
    },
    "signature": {
      "required": true,
      "maxLength": 64
    },
    "keyId": {
      "required": true,
      "pattern": "[0-9a-f]{16}"
    }
  },
  "heed.privacy.v1.RevealProcessorOrderRequest": {
    "processorOrderId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.RevealProcessorOrderResponse": {
    "order": {
      "message": "heed.privacy.v1.ProcessorOrder"
    },
    "emails": {
      "list": true
    },
    "phones": {
      "list": true
    }
  },
  "heed.privacy.v1.ReviewRule": {
    "right": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "verification": {
      "pattern": "(email_code|phone_code|document|known_to_agent|none)?"
    },
    "intake": {
      "enum": [
        0,
        1,
        2
      ]
    }
  },
  "heed.privacy.v1.ReviewRules": {
    "waits": {
      "maxLength": 50,
      "message": "heed.privacy.v1.ReviewRule",
      "list": true
    }
  },
  "heed.privacy.v1.RevokeServiceKeyRequest": {
    "service": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{1,39}"
    },
    "publicKey": {
      "required": true,
      "maxLength": 32
    }
  },
  "heed.privacy.v1.SetProcessorRequest": {
    "store": {
      "required": true,
      "pattern": "[a-z][a-z0-9-]{0,39}\\.[a-z0-9_.-]{1,120}"
    },
    "tenantId": {
      "uuid": true
    },
    "name": {
      "required": true,
      "maxLength": 100
    },
    "url": {
      "maxLength": 500
    },
    "domain": {
      "maxLength": 253
    },
    "certificate": {
      "maxLength": 8000
    },
    "regulation": {
      "pattern": "(gdpr|ccpa)?"
    },
    "contact": {
      "maxLength": 500
    }
  },
  "heed.privacy.v1.SetProcessorResponse": {
    "processor": {
      "message": "heed.privacy.v1.Processor"
    }
  },
  "heed.privacy.v1.SoughtAddress": {
    "channel": {
      "enum": [
        0,
        1,
        2
      ]
    },
    "address": {
      "personal": "contact.address"
    }
  },
  "heed.privacy.v1.SoughtPerson": {
    "addresses": {
      "message": "heed.privacy.v1.SoughtAddress",
      "list": true
    }
  },
  "heed.privacy.v1.Store": {
    "categories": {
      "list": true
    },
    "purposes": {
      "list": true
    }
  },
  "heed.privacy.v1.StoreState": {
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12
      ]
    },
    "probe": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12
      ]
    }
  },
  "heed.privacy.v1.StreamAccessPackageRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.StreamAccessPackageResponse": {
    "chunk": {
      "personal": "request.export"
    }
  },
  "heed.privacy.v1.StreamErasuresRequest": {
    "since": {
      "pattern": "([0-9TZ:.+-]{20,35})?"
    }
  },
  "heed.privacy.v1.StreamErasuresResponse": {
    "orders": {
      "message": "heed.datarights.v1.OrdersIssued"
    }
  },
  "heed.privacy.v1.StreamHoldsResponse": {
    "holds": {
      "message": "heed.privacy.v1.HoldChanged",
      "list": true
    }
  },
  "heed.privacy.v1.StreamNeedlesRequest": {
    "sweepId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.StreamNeedlesResponse": {
    "people": {
      "message": "heed.privacy.v1.SoughtPerson",
      "list": true
    }
  },
  "heed.privacy.v1.StreamStopsResponse": {
    "stops": {
      "message": "heed.privacy.v1.OpenStop",
      "list": true
    }
  },
  "heed.privacy.v1.SubmitReceiptRequest": {
    "receipt": {
      "required": true,
      "message": "heed.datarights.v1.Receipt"
    },
    "openings": {
      "required": true,
      "maxLength": 500,
      "message": "heed.datarights.v1.ReceiptOpening",
      "list": true
    }
  },
  "heed.privacy.v1.Sweep": {
    "parts": {
      "message": "heed.privacy.v1.SweepPart",
      "list": true
    }
  },
  "heed.privacy.v1.TooLate": {
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12
      ]
    }
  },
  "heed.privacy.v1.UpdateReviewRulesRequest": {
    "reviewRules": {
      "required": true,
      "message": "heed.privacy.v1.ReviewRules"
    }
  },
  "heed.privacy.v1.UpdateReviewRulesResponse": {
    "reviewRules": {
      "message": "heed.privacy.v1.ReviewRules"
    }
  },
  "heed.privacy.v1.WatchRequestRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.privacy.v1.WatchRequestResponse": {
    "request": {
      "message": "heed.privacy.v1.Request"
    }
  },
  "heed.privacy.v1.WitnessIncarnationRequest": {
    "number": {
      "min": 1
    },
    "nonce": {
      "required": true,
      "pattern": "[0-9a-f-]{36}"
    },
    "previousNonce": {
      "pattern": "([0-9a-f-]{36})?"
    }
  },
  "heed.telephony.v1.Call": {
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    },
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "endedBy": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    }
  },
  "heed.telephony.v1.CallConcluded": {
    "callId": {
      "required": true,
      "uuid": true
    },
    "intentId": {
      "required": true,
      "uuid": true
    },
    "campaignId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "reason": {
      "pattern": "[a-z0-9_]{0,40}"
    },
    "concludedAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    },
    "retryAt": {
      "pattern": "[0-9TZ:.+-]{20,35}"
    },
    "endedBy": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    }
  },
  "heed.telephony.v1.DecideSpokenDoubtRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "spokenDoubtId": {
      "required": true,
      "uuid": true
    },
    "decision": {
      "required": true,
      "enum": [
        0,
        1,
        2
      ]
    }
  },
  "heed.telephony.v1.GetCallRequest": {
    "callId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.telephony.v1.GetCallResponse": {
    "call": {
      "message": "heed.telephony.v1.Call"
    }
  },
  "heed.telephony.v1.ListCallsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "contactId": {
      "uuid": true
    },
    "state": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5,
        6
      ]
    },
    "outcome": {
      "enum": [
        0,
        1,
        2,
        3,
        4,
        5
      ]
    },
    "reason": {
      "pattern": "[a-z0-9_]{1,40}"
    },
    "placedBy": {
      "uuid": true
    },
    "createdAfter": {
      "time": true
    },
    "createdBefore": {
      "time": true
    }
  },
  "heed.telephony.v1.ListCallsResponse": {
    "calls": {
      "message": "heed.telephony.v1.Call",
      "list": true
    }
  },
  "heed.telephony.v1.ListSpokenDoubtsRequest": {
    "pageSize": {
      "min": 0,
      "max": 1000
    },
    "pageToken": {
      "maxLength": 500
    },
    "contactId": {
      "uuid": true
    }
  },
  "heed.telephony.v1.ListSpokenDoubtsResponse": {
    "spokenDoubts": {
      "message": "heed.telephony.v1.SpokenDoubt",
      "list": true
    }
  },
  "heed.telephony.v1.PlaceCallRequest": {
    "requestId": {
      "required": true,
      "uuid": true
    },
    "contactId": {
      "required": true,
      "uuid": true
    },
    "purpose": {
      "required": true,
      "pattern": "[a-z][a-z0-9_-]{0,62}"
    }
  },
  "heed.telephony.v1.PlaceCallResponse": {
    "call": {
      "message": "heed.telephony.v1.Call"
    }
  },
  "heed.telephony.v1.RevealSpokenDoubtRequest": {
    "spokenDoubtId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.telephony.v1.RevealSpokenDoubtResponse": {
    "readings": {
      "personal": "contact.message",
      "list": true
    }
  },
  "heed.telephony.v1.StreamRecordingRequest": {
    "callId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.telephony.v1.StreamRecordingResponse": {
    "chunk": {
      "personal": "contact.recording"
    }
  },
  "heed.telephony.v1.WatchCallRequest": {
    "callId": {
      "required": true,
      "uuid": true
    }
  },
  "heed.telephony.v1.WatchCallResponse": {
    "call": {
      "message": "heed.telephony.v1.Call"
    }
  }
};

export const eventRules: EventRule[] = [
  {
    "name": "heed.campaigns.v1.CampaignHeld",
    "topic": "heed.campaigns.campaign.v1",
    "key": "campaignId",
    "ordered": false
  },
  {
    "name": "heed.campaigns.v1.DispatchRequested",
    "topic": "heed.campaigns.intent.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  },
  {
    "name": "heed.contacts.v1.ConsentChanged",
    "topic": "heed.contacts.consent.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": true
  },
  {
    "name": "heed.contacts.v1.OptOutConfirmationDue",
    "topic": "heed.contacts.confirmation.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  },
  {
    "name": "heed.contacts.v1.SignUpConfirmationDue",
    "topic": "heed.contacts.confirmation.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  },
  {
    "name": "heed.contacts.v1.SubjectCorrected",
    "topic": "heed.contacts.subject.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  },
  {
    "name": "heed.contacts.v1.SubjectErased",
    "topic": "heed.contacts.subject.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  },
  {
    "name": "heed.datarights.v1.OrdersIssued",
    "topic": "heed.privacy.order.v1",
    "key": "batchId",
    "ordered": false
  },
  {
    "name": "heed.datarights.v1.ReceiptSigned",
    "topic": "heed.*.receipt.v1",
    "key": "batchId",
    "ordered": false
  },
  {
    "name": "heed.identity.v1.MemberMessageRequested",
    "topic": "heed.identity.message.v1",
    "key": "memberId",
    "subject": "memberId",
    "ordered": false
  },
  {
    "name": "heed.messaging.v1.AttemptConcluded",
    "topic": "heed.messaging.attempt.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  },
  {
    "name": "heed.messaging.v1.DeliveryReported",
    "topic": "heed.messaging.delivery.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  },
  {
    "name": "heed.messaging.v1.EngagementRecorded",
    "topic": "heed.messaging.engagement.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  },
  {
    "name": "heed.privacy.v1.HoldChanged",
    "topic": "heed.privacy.hold.v1",
    "key": "subjectId",
    "subject": "subjectId",
    "ordered": false
  },
  {
    "name": "heed.privacy.v1.RequesterMessageRequested",
    "topic": "heed.privacy.message.v1",
    "key": "requesterId",
    "subject": "requesterId",
    "ordered": false
  },
  {
    "name": "heed.telephony.v1.CallConcluded",
    "topic": "heed.telephony.attempt.v1",
    "key": "contactId",
    "subject": "contactId",
    "ordered": false
  }
];
