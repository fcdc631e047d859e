/** What specs need beside the code under test. Imported by specs only. */
export { aCampaign, someRecipients } from './a-campaign.js';
export { findChromium, launchBrowser } from './browser.js';
export { eventually } from './eventually.js';
export { openFree, openPinned } from './open-database.js';
export { storeCampaignTo } from './store-campaign-to.js';
export { testDatabase, type TestDatabase } from './test-database.js';
export { selfSignedCertificate } from './self-signed-certificate.js';
export { specStatement } from './spec-statement.js';
export { uniqueName } from './unique-name.js';
export { Api, type ApiAnswer, requestWith } from './mailtide/api.js';
export { CsvBody } from './mailtide/csv-body.js';
export { EventStream, type StreamFrame } from './mailtide/event-stream.js';
export { AppProcess } from './mailtide/app-process.js';
export {
  APPS,
  type AppName,
  freePorts,
  type Mailtide,
  type MailtideOptions,
  startMailtide,
} from './mailtide/start-mailtide.js';
export { Inbox, type InboxMessage } from './mailtide/inbox.js';
export { Realtime, type RealtimeEvent } from './mailtide/realtime.js';
export {
  type Content,
  type Description,
  isOwn,
  onlyRoutes,
  type Operation,
  type Route,
  routesOf,
} from './open-api/description.js';
export { type Schema, type Schemas } from './open-api/arbitrary-of-schema.js';
export { type GeneratedRequest, requestsOf } from './open-api/requests-of.js';
export { bodiesOf, sampleOf, type TextPlace, textPlaces } from './open-api/sample.js';
export { Rubbish } from './open-api/rubbish.js';
