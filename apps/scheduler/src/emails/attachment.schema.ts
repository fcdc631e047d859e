import { z } from 'zod';
import { hasControls } from '#domain';
import type { NewAttachment } from '#storage';
import { decodeBase64 } from './decode-base64.js';
import { line, refuse } from './fields.js';

const MAX_ATTACHMENTS = 20;
const MAX_BYTES = 18 * 1_048_576;
const TOKEN = "[A-Za-z0-9!#$&^_.+'*-]{1,127}";
/** RFC 2045 5.1; a parameter's value may be in quotes. */
const CONTENT_TYPE = new RegExp(
  `^${TOKEN}/${TOKEN}(?:; ?${TOKEN}=(?:${TOKEN}|"[\\x20!\\x23-\\x5b\\x5d-\\x7e]{0,200}"))*$`,
);
/** What a part of its own would contradict: these have an inside, which base64 must not hide (RFC 2045 6.4), or a name twice. */
const COMPOSITE = /^(?:multipart|message)\//i;
const OURS = /; ?(?:name|boundary)=/i;
/** What may stand in `<...>` and behind `cid:` without any escape. */
const CONTENT_ID = /^[\w!#$&'*+/=?^`{|}~.@-]+$/;

const contentType = line(255, 'contentType')
  .superRefine((text, context) => {
    if (hasControls(text)) return; // told already
    if (!CONTENT_TYPE.test(text)) refuse(context, 'bad_format', 'is no media type, for example "application/pdf"');
    else if (COMPOSITE.test(text))
      refuse(context, 'bad_format', 'multipart and message have parts inside; send "application/octet-stream"');
    else if (OURS.test(text)) refuse(context, 'bad_format', 'takes no name and no boundary; the name is "filename"');
  })
  .meta({ description: 'a media type, with parameters if need be', examples: ['application/pdf'] });

const contentId = line(200, 'contentId')
  .superRefine((text, context) => {
    if (!CONTENT_ID.test(text) && !hasControls(text))
      refuse(context, 'bad_format', 'may hold letters, digits and most signs, no spaces');
  })
  .meta({ description: 'shows it inside the html, as `cid:` and this', examples: ['logo'] });

const content = z
  .string()
  .transform(
    (text, context): Buffer => decodeBase64(text) ?? refuse(context, 'bad_base64', 'is not base64 (RFC 4648 4)'),
  )
  .meta({ description: 'base64', format: 'byte' });

const fields = z
  .strictObject({
    filename: line(255, 'filename').meta({ examples: ['invoice.pdf'] }),
    contentType,
    content,
    contentId: contentId.optional(),
  })
  .transform((attachment): NewAttachment => ({ ...attachment, contentId: attachment.contentId ?? null }))
  .meta({ id: 'NewAttachment' });

/** Attachments are bytes: we open no files and fetch nothing for anybody. */
const attachment = z.preprocess((value, context) => {
  const sources = ['path', 'href'].filter((name) => typeof value === 'object' && value !== null && name in value);
  for (const name of sources) {
    const message = 'nothing is read or fetched for you; send the bytes as base64 in "content"';
    context.addIssue({ code: 'custom', message, path: [name], params: { code: 'attachment_source' } });
  }
  return value;
}, fields);

/** At most 20, at most 18 MiB of bytes in all. */
export const attachments = z
  .array(attachment)
  .max(MAX_ATTACHMENTS, `at most ${MAX_ATTACHMENTS} attachments`)
  .superRefine((all, context) => {
    const bytes = all.reduce((sum, one) => sum + one.content.length, 0);
    if (bytes > MAX_BYTES) refuse(context, 'too_long', `hold ${bytes} bytes in all; at most ${MAX_BYTES} (18 MiB)`);
    all.forEach((one, index) => {
      const isTwin = one.contentId !== null && all.findIndex((other) => other.contentId === one.contentId) < index;
      if (isTwin) refuse(context, 'conflict', 'two attachments cannot have one contentId', [index, 'contentId']);
    });
  })
  .meta({ description: 'at most 20, 18 MiB in all' });
