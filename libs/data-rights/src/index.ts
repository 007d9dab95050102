export {
  actionFromWire,
  actionToWire,
  answer,
  goesAlone,
  isOutcome,
  outcomeToWire,
  type ActionName,
  type Outcome,
  type StoreAnswer,
} from './answer.js';
export { readStatement, statementBytes, type Statement } from './statement.js';
export {
  isReceiptSignedBy,
  openingFromWire,
  opens,
  receiptFromWire,
  receiptToWire,
  signReceipt,
  type Opening,
  type Receipt,
} from './receipt.js';
export { openReceipt, type IssuedOrder, type NotOpened, type OpenedStatement } from './open-receipt.js';
export { presentStores, readJoinedManifest, takesCorrections } from './joined-manifest.js';
export { ORDERS } from './take-orders.js';
export { MOST_ORDERS, signOrders, type Order, type OrderBatch } from './order-batch.js';
export {
  answerName,
  answerNames,
  answeringStores,
  isManifestSignedBy,
  manifestBytes,
  readManifest,
  signManifest,
  type AnsweringStore,
} from './manifest-stores.js';
export { objectPrefix } from './object-prefix.js';
export {
  SpecialCases,
  type CountHandedOver,
  type CountHashes,
  type ExportFile,
  type HandedSpan,
  type SpecialCorrection,
  type SpecialErasure,
  type SpecialExport,
  type SpecialKept,
  type SpecialSearch,
  type SpecialRestriction,
} from './special.js';
export { correctionFromWire, correctionToWire, type AskCorrections, type Correction } from './corrections.js';
export { type AskIdentifiers, type Identifier } from './probe-forms.js';
export { TellActs } from './audit/tell-acts.js';
export { isHeld, type ToldHold } from './hold.store.js';
export { DueWork, type DueHandler, type DueItem, type DueWorkOptions } from './due-work.js';
export { DataRights, type DataRightsParts } from './data-rights.js';
export { DataRightsModule } from './data-rights.module.js';
export { ExportPart } from './export-part.entity.js';
export { dataRightsEntities, dataRightsMigrations, infrastructureOfDataRights } from './infrastructure.js';
export {
  LogWitness,
  witnessName,
  witnessVkey,
  type LogWitnessParts,
  type Witnessed,
} from './witness/log-witness.js';
export { type Offer, type Refusal } from './witness/judge-checkpoint.js';
export { leadTo, saidBy, type KeyChange } from './witness/followed-keys.js';
export {
  isSweepSignedBy,
  opensSweep,
  signSweep,
  readSweepStatement,
  type SweepOpening,
  type SweepReceipt,
  type SweepStatement,
} from './sweep/sweep-receipt.js';
export { sweepOpeningFromWire, sweepReceiptFromWire } from './sweep/sweep-messages.js';
export { sweepDatabase, type Hit, type Swept } from './sweep/sweep-database.js';
export { SearchedTablesStore } from './sweep/searched-tables.store.js';
