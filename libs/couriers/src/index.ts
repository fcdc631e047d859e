/**
 * What performs attempts. A courier takes one message through one provider and answers how that ended; whether to try
 * again is decided in the domain. The only place that talks SMTP.
 */
export {
  admission,
  afterAttempt,
  type Breaker,
  type BreakerMove,
  type BreakerTimings,
  CLOSED,
  DEFAULT_BREAKER_TIMINGS,
  healthOf,
  probing,
} from './breaker.js';
export type { Attempt, Courier, Gate, OutgoingMessage } from './courier.js';
export { createSmtpCourier } from './smtp/smtp-courier.js';
export type { SmtpSettings } from './smtp/smtp-settings.js';
export { parseSmtpUrl } from './smtp/parse-smtp-url.js';
