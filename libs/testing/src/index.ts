/** What specs need beside the code under test. Imported by specs only. */
export { eventually } from './eventually.js';
export { testDatabase, type TestDatabase } from './test-database.js';
export { selfSignedCertificate } from './self-signed-certificate.js';
export { uniqueName } from './unique-name.js';
export { Api, type ApiAnswer } from './mailtide/api.js';
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
