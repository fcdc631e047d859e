/** The one list of error codes that a client can meet (interface 2.1). The code is the identity; the rest is for people. */
export const PROBLEMS = {
  bad_json: { status: 400, title: 'The body is not readable JSON' },
  bad_request: { status: 400, title: 'The request is malformed' },
  bad_idempotency_key: { status: 400, title: 'The Idempotency-Key is not usable' },
  unauthorized: { status: 401, title: 'The key is missing or not valid' },
  scope_missing: { status: 403, title: 'The key lacks a scope' },
  origin_not_allowed: { status: 403, title: 'This origin may not call' },
  live_key_required: { status: 403, title: 'This needs a live key' },
  test_key_required: { status: 403, title: 'This needs a test key' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  not_acceptable: { status: 406, title: 'Only JSON can be answered' },
  request_timeout: { status: 408, title: 'The request did not come in time' },
  in_flight: { status: 409, title: 'The email is being sent' },
  already_sent: { status: 409, title: 'The email has been sent' },
  outcome_unknown: { status: 409, title: 'Nobody knows whether the email was accepted' },
  already_finished: { status: 409, title: 'The email has come to its end' },
  state_conflict: { status: 409, title: 'The action does not fit the state' },
  idempotency_in_progress: { status: 409, title: 'The first request with this Idempotency-Key is still running' },
  already_exists: { status: 409, title: 'There is one already' },
  in_use: { status: 409, title: 'Something still needs it' },
  version_mismatch: { status: 412, title: 'The resource has changed meanwhile' },
  too_large: { status: 413, title: 'The body is too large' },
  uri_too_long: { status: 414, title: 'The URL is too long' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  validation_failed: { status: 422, title: 'The request is not valid' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  bad_cursor: { status: 422, title: 'The cursor does not fit' },
  if_match_required: { status: 428, title: 'Say which version you mean' },
  rate_limited: { status: 429, title: 'Too many calls' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something broke on our side' },
  unavailable: { status: 503, title: 'The service is not available now' },
  draining: { status: 503, title: 'This process is stopping' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is wrong with one field (interface 2.1). */
export const FIELD_CODES = [
  'required',
  'bad_type',
  'too_short',
  'too_long',
  'too_many',
  'out_of_range',
  'bad_format',
  'unknown_field',
  'unknown_value',
  'unknown_reference',
  'conflict',
  'bad_address',
  'bad_time',
  'time_without_zone',
  'in_past',
  'bad_time_zone',
  'no_common_window',
  'forbidden_header',
  'bad_base64',
  'bad_template',
  'missing_variable',
  'injection',
  'attachment_source',
] as const;
export type FieldCode = (typeof FIELD_CODES)[number];

/** One entry of a problem's `errors`: where (JSON pointer, RFC 6901, or the name of a query parameter), what, and what to do. */
export type FieldError =
  | { readonly pointer: string; readonly code: FieldCode; readonly detail: string }
  | { readonly parameter: string; readonly code: FieldCode; readonly detail: string };
