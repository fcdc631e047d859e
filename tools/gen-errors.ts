import { FIELD_CODES, PROBLEMS } from '#domain';
import { FIELD_REMEDIES, PROBLEM_REMEDIES } from '#http';
import { generatedBy, keepGenerated } from './gen/keep-generated.js';
import { code, table } from './gen/table.js';

/** `npm run gen:errors`: every code that a caller can meet, and what to do about it. */
const SCRIPT = 'gen:errors';

const EXAMPLE = `\`\`\`json
{
  "type": "/problems/validation_failed",
  "title": "The request is not valid",
  "status": 422,
  "code": "validation_failed",
  "detail": "/to/1: ...",
  "instance": "/v1/emails",
  "requestId": "req_01m8rf20g6ekd9jbb81k6sxq3w",
  "errors": [{ "pointer": "/to/1", "code": "bad_address", "detail": "..." }],
  "current": null
}
\`\`\``;

function page(): string {
  return [
    generatedBy(
      SCRIPT,
      '`PROBLEMS` and `FIELD_CODES` in libs/domain and the words in libs/http/src/problems/remedies.ts',
    ),
    '# Errors',
    'Every answer that is no success is `application/problem+json` (RFC 9457). Programs look at `code`; `detail` is for people and may change. `requestId` is also in the header `X-Request-Id` and in our log.',
    EXAMPLE,
    '`current` is set on 409 (the state that stood in the way, and since when) and on 412 (the resource as it is now).',
    '## Problems',
    table(['status', 'code', 'title', 'what to do'], problemRows()),
    '## Fields',
    'Entries of `errors`, at most 50. `pointer` is a JSON pointer (RFC 6901) into the body; for the query it is `parameter`.',
    table(
      ['code', 'what to do'],
      FIELD_CODES.map((field) => [code(field), FIELD_REMEDIES[field]]),
    ),
  ].join('\n\n');
}

function problemRows(): string[][] {
  const codes = Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[];
  return codes.map((name) => [String(PROBLEMS[name].status), code(name), PROBLEMS[name].title, PROBLEM_REMEDIES[name]]);
}

await keepGenerated(SCRIPT, () => [{ path: 'docs/errors.md', text: page() }]);
