import type { FieldCode, ProblemCode } from '#domain';

/** What the caller does about a problem. A new code does not compile without its remedy. */
export const PROBLEM_REMEDIES: Readonly<Record<ProblemCode, string>> = {
  bad_json: 'Send one JSON object as UTF-8; `detail` says where reading stopped.',
  bad_request:
    'Mend what `detail` names: a header, the query or the encoding of the URL. `If-Match` takes an ETag as it came, like `"7"`.',
  bad_idempotency_key: 'Send 1 to 255 printable ASCII characters, for example a UUID.',
  unauthorized:
    'Send `Authorization: Bearer <key>`. Missing, unknown, expired and revoked keys get this same answer, so look at all four.',
  scope_missing: 'Use a key that has the scope named in `detail`.',
  origin_not_allowed:
    'With `AUTH_MODE=dev`: call by `localhost`, `127.0.0.1` or `[::1]`. From a browser: add its origin to `CORS_ORIGINS`.',
  live_key_required: 'Use a key that begins with `mt_live_`.',
  test_key_required: 'Use a key that begins with `mt_test_`: the sandbox belongs to test mode.',
  not_found:
    'Check the id and its prefix. What belongs to another tenant or the other mode is not found, either; nobody is told that it exists.',
  method_not_allowed: 'See the header `Allow` for what this path takes.',
  not_acceptable: 'Accept `application/json`.',
  in_flight: 'It is at the server now, for moments. Ask again, for example with `?wait=10`, to learn how that ended.',
  already_sent: 'It cannot be called back. Schedule another email.',
  outcome_unknown:
    'The server never answered, so it may have arrived. Look at the attempts of the delivery, then decide; it will not be sent again by itself.',
  already_finished: 'It has come to its end, see `current`. Schedule another email.',
  state_conflict: 'The action does not fit the state in `current`: read the resource again and decide anew.',
  idempotency_in_progress: 'Wait for `Retry-After` and send the same request again: you will get its answer.',
  already_exists: 'Use the one that exists, or another name.',
  in_use: 'See `detail` for what still needs it; end that first.',
  version_mismatch: 'Somebody changed it meanwhile. `current` is how it is now: decide anew and send the new ETag.',
  too_large: 'Send less: a JSON body has at most 1 MiB, that of an email 25 MiB, of a batch 10 MiB.',
  uri_too_long: 'Shorten the query.',
  unsupported_media_type: 'Send `content-type: application/json`.',
  validation_failed: 'Mend every field named in `errors`: each has where, what, and what to do.',
  idempotency_key_reused: 'Use a new key for a new request; send the same body to repeat an old one.',
  bad_cursor: 'Use `nextCursor` and `prevCursor` as they came and with the same filter, or begin again without one.',
  if_match_required:
    'Read the resource and send its ETag as `If-Match`, so that nobody overwrites what they have not seen.',
  rate_limited: 'Wait for `Retry-After`. `RateLimit` on every answer says how much is left.',
  request_timeout:
    'Send it again: it was not looked at. Its headers have 10 seconds, its body has 30; uploads have longer.',
  headers_too_large: 'Send fewer or shorter headers.',
  internal: 'A bug of ours. Report it with the `requestId`; the log has the rest.',
  unavailable: 'The database does not answer. Try again after `Retry-After`; nothing was stored half.',
  draining: 'This process is stopping. Try again: another one answers.',
};

/** What the caller does about one wrong field. */
export const FIELD_REMEDIES: Readonly<Record<FieldCode, string>> = {
  required: 'Send the field.',
  bad_type: 'Send the JSON type that the description names; numbers and booleans are no strings.',
  too_short: 'Send more: the smallest length is in the description.',
  too_long: 'Shorten it: the greatest length is in the description.',
  too_many: 'Send fewer items.',
  out_of_range: 'Stay within the range in the description.',
  bad_format: 'Write it as the description shows.',
  unknown_field: 'Leave it out, or mend its spelling. Nothing that is sent is ignored.',
  unknown_value: 'Use one of the values in the description.',
  unknown_reference: 'Name something that exists for this tenant and mode.',
  conflict: 'Two fields say different things about one: send one of them, or the same in both.',
  bad_address: 'Write `a@b.c` or `Name <a@b.c>`: at most 254 octets, 64 before the @.',
  bad_time: 'Write an instant by RFC 3339, like `2027-01-05T09:00:00Z`, before 2100.',
  time_without_zone: 'Add `Z` or an offset, like `+01:00`: Mailtide never guesses a zone.',
  in_past: 'Send a time to come, or `"allowPast": true` when a past time shall mean now.',
  bad_time_zone: 'Use a name of the IANA time zone database, like `Europe/Berlin`.',
  no_common_window: 'The windows never open at the same time: change one of them.',
  forbidden_header:
    'Use `X-*`, `In-Reply-To`, `References`, `Auto-Submitted`, `Precedence`, `Feedback-ID` or `List-Id`; the rest is ours to write.',
  bad_base64: 'Encode the bytes as base64 (RFC 4648 section 4), with padding and without line ends.',
  bad_template:
    'Mend the template at the place that `detail` names. Files, partials and filters that we do not list are not there.',
  missing_variable: 'Give `data` the variable that is named, or write `{{ name | default: "..." }}`.',
  injection: 'Take out control characters (CR, LF, NUL): they could forge headers, and are never stripped in silence.',
  attachment_source: 'Send the bytes in `content`: Mailtide fetches neither files nor URLs.',
};
