/** `transactional` mail never waits behind `bulk`. */
export const LANES = ['transactional', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

/** Test mail has no way to a real provider. */
export const MODES = ['live', 'test'] as const;
export type Mode = (typeof MODES)[number];

/** What happens when the reply to the final dot never came (semantics 3). */
export const UNKNOWN_POLICIES = ['at_most_once', 'at_least_once'] as const;
export type UnknownPolicy = (typeof UNKNOWN_POLICIES)[number];

export const EMAIL_KINDS = ['single', 'campaign', 'broadcast', 'load_test'] as const;
export type EmailKind = (typeof EMAIL_KINDS)[number];

/** What becomes of a copy that was missed: later than its grace, and only we are to blame. `hold`: a person decides. */
export const MISSED_POLICIES = ['expire', 'hold'] as const;
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

export const EMAIL_CLASSES = ['otp', 'transactional', 'bulk'] as const;
export type EmailClass = (typeof EMAIL_CLASSES)[number];

/** `shared`: every copy shows the same To and Cc. `individual`: each shows only its own recipient. */
export const VISIBILITIES = ['shared', 'individual'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export interface ClassDefaults {
  readonly lane: Lane;
  readonly graceSeconds: number;
  readonly retryForSeconds: number;
  readonly onUnknown: UnknownPolicy;
}

/** A one-time password is worthless late, and worse twice: that is why it is `at_most_once`. */
export const CLASS_DEFAULTS: Readonly<Record<EmailClass, ClassDefaults>> = {
  otp: { lane: 'transactional', graceSeconds: 600, retryForSeconds: 600, onUnknown: 'at_most_once' },
  transactional: { lane: 'transactional', graceSeconds: 21_600, retryForSeconds: 86_400, onUnknown: 'at_least_once' },
  bulk: { lane: 'bulk', graceSeconds: 86_400, retryForSeconds: 86_400, onUnknown: 'at_most_once' },
};
