import { z } from 'zod';
import { hasControls } from '#domain';
import { refuse, refuseUnsafe } from './fields.js';
import { textRecord } from './text-record.js';

export const MAX_HEADERS = 20;
const MAX_NAME = 100;
/** Room for some twenty message ids in References. */
const MAX_VALUE = 2_000;
/** No fold can break it, and a line has at most 998 octets (RFC 5322 2.1.1). */
const UNFOLDABLE = /\S{900,}/;
const MESSAGE_IDS = /^<[^\s<>@]+@[^\s<>@]+>(?: <[^\s<>@]+@[^\s<>@]+>)*$/;
const WORDS = /^[!-~]+(?: [!-~]+)*$/;

/** Headers with a grammar of their own, in which nothing can be encoded. */
const STRUCTURED: ReadonlyMap<string, { readonly shape: RegExp; readonly example: string }> = new Map([
  ['in-reply-to', { shape: MESSAGE_IDS, example: '<id@acme.example>' }],
  ['references', { shape: MESSAGE_IDS, example: '<id@acme.example> <other@acme.example>' }],
  ['auto-submitted', { shape: WORDS, example: 'auto-generated' }],
  ['precedence', { shape: WORDS, example: 'bulk' }],
  ['feedback-id', { shape: WORDS, example: 'campaign:customer:type:acme' }],
  ['list-id', { shape: WORDS, example: 'News <news.acme.example>' }],
]);
const EXTENSION = /^X-[A-Za-z0-9-]+$/i;
const OURS = /^X-Mailtide-/i;

/** A refusal of one header; undefined: it may be set. */
function fault(name: string): string | undefined {
  if (OURS.test(name)) return `"${name}": X-Mailtide- is ours`;
  if (name.length <= MAX_NAME && (EXTENSION.test(name) || STRUCTURED.has(name.toLowerCase()))) return undefined;
  return `"${name.slice(0, MAX_NAME)}" cannot be set; X-... can, and In-Reply-To, References, Auto-Submitted, Precedence, Feedback-ID, List-Id`;
}

function checkHeader(name: string, value: string | null, context: z.RefinementCtx): void {
  if (hasControls(name)) return refuse(context, 'injection', 'the name contains a control character', [name]);
  const why = fault(name);
  if (why !== undefined) return refuse(context, 'forbidden_header', why, [name]);
  if (value === null) return;
  if (value.length > MAX_VALUE) return refuse(context, 'too_long', `has more than ${MAX_VALUE} characters`, [name]);
  if (value.trim() === '') return refuse(context, 'too_short', 'must not be empty', [name]);
  if (refuseUnsafe(context, value, [name])) return;
  const structured = STRUCTURED.get(name.toLowerCase());
  if (structured && (!structured.shape.test(value) || UNFOLDABLE.test(value)))
    refuse(context, 'bad_format', `is not of its form, for example "${structured.example}"`, [name]);
}

function checkHeaders(headers: Readonly<Record<string, string | null>>, context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    checkHeader(name, value, context);
    if (seen.has(name.toLowerCase())) refuse(context, 'conflict', 'is there twice', [name]);
    seen.add(name.toLowerCase());
  }
}

const description = `at most ${MAX_HEADERS}: X-..., In-Reply-To, References, Auto-Submitted, Precedence, Feedback-ID, List-Id`;

export const headers = textRecord(z.string(), MAX_HEADERS, checkHeaders).meta({
  description,
  examples: [{ 'X-Order': '1042' }],
});
/** null takes a header away. */
export const headersPatch = textRecord(z.string().nullable(), MAX_HEADERS * 2, checkHeaders).meta({ description });
