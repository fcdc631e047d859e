/**
 * The rules of Mailtide. Pure: no I/O, no clock, no randomness of their own; they import nothing (time zones: Temporal).
 *
 * - **email**: what a user asked for: content, recipients, schedule.
 * - **delivery**: one recipient's copy of an email, with its own state machine. The unit of work, of status, of every promise.
 * - **due**: its time has come by the database's clock. **claim**: a poller takes due deliveries (`scheduled -> queued`, epoch + 1).
 * - **epoch**: the fencing number of a claim. A record or a worker with an old epoch can change nothing.
 * - **arm** (the gate): the one conditional update, after the body is on the wire and before the final dot.
 * - **settle**: record how an attempt ended. **courier**: what performs one attempt. **provider**: a configured courier.
 * - **lane**: `transactional` or `bulk`; bulk can never delay transactional.
 */
export * from './id.js';
export * from './address.js';
export * from './address-list.js';
export * from './problem.js';
export * from './campaign/campaign-status.js';
export * from './delivery/delivery-status.js';
export * from './delivery/explain.js';
export * from './delivery/outcome.js';
export * from './delivery/reopen.js';
export * from './delivery/retry-schedule.js';
export * from './delivery/settle.js';
export * from './email/change.js';
export * from './email/email-class.js';
export * from './email/email-status.js';
export * from './email/message-id.js';
export * from './job/job-rate.js';
export * from './job/job-status.js';
export * from './load-test/load-test.js';
export * from './load-test/load-test-pace.js';
export * from './limits/calendar-window.js';
export * from './limits/check-rule.js';
export * from './limits/meter.js';
export * from './limits/rule.js';
export * from './limits/scope.js';
export * from './limits/share-out.js';
export * from './limits/usage.js';
export * from './pacing/campaign-limit.js';
export * from './pacing/line-turn.js';
export * from './pacing/missed.js';
export * from './pacing/pacing.js';
export * from './pacing/plan.js';
export * from './pacing/plan-notes.js';
export * from './provider.js';
export * from './reply/reply.js';
export * from './reply/smtp-reply.js';
export * from './time/binding-windows.js';
export * from './time/instant.js';
export * from './time/local-time.js';
export * from './time/misfire.js';
export * from './time/repeat-rule.js';
export * from './time/repeat.js';
export * from './time/resolve-anew.js';
export * from './time/series.js';
export * from './time/window.js';
export * from './time/wish.js';
export * from './time/zone.js';
