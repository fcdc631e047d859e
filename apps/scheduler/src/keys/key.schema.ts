import { z } from 'zod';
import { viewFields, SCOPES } from '#http';
import { pageFields } from '../emails/email.schema.js';
import { instant, line } from '../emails/fields.js';

/** The body of `POST /v1/keys` (interface 3.5). */
export const KeyRequest = z
  .strictObject({
    name: line(100, 'the name').meta({ description: 'what you know it by', examples: ['shop backend'] }),
    mode: z.enum(['live', 'test']).meta({ description: '`test` reaches the sandbox only' }),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .max(SCOPES.length)
      .transform((scopes) => [...new Set(scopes)])
      .meta({ description: 'what it may do; `admin` is all of it' }),
    expiresAt: instant.optional().meta({ description: 'default: never' }),
  })
  .meta({ id: 'KeyRequest' });
export type KeyRequest = z.infer<typeof KeyRequest>;

/** The query of `GET /v1/keys`. */
export const KeyQuery = z.strictObject(pageFields);
export type KeyQuery = z.infer<typeof KeyQuery>;

const key = {
  object: z.literal('key'),
  id: viewFields.id('key'),
  name: z.string(),
  mode: z.enum(['live', 'test']),
  scopes: z.array(z.string()),
  hint: z.string().meta({ description: 'its last four characters', examples: ['mt_live_…a1b2'] }),
  createdAt: viewFields.instant,
  expiresAt: viewFields.instant.nullable(),
  lastUsedAt: viewFields.instant.nullable().meta({ description: 'to the minute' }),
};

/** What `keyView` makes. */
export const KeySchema = z.strictObject(key).meta({ id: 'Key' });

/** What a key is answered with once, when it is made. */
export const NewKeySchema = z
  .strictObject({
    ...key,
    secret: z.string().meta({ description: 'the key itself; nobody can show it again', examples: ['mt_live_…'] }),
  })
  .meta({ id: 'NewKey' });

/** What `GET /v1/me` answers. */
export const MeSchema = z
  .strictObject({
    tenant: z.string().meta({ examples: ['acme'] }),
    mode: z.enum(['live', 'test']),
    keyId: viewFields.id('key').nullable().meta({ description: 'null: this machine needs no key (`AUTH_MODE=dev`)' }),
    scopes: z.array(z.string()),
    authMode: z.enum(['dev', 'keys']),
  })
  .meta({ id: 'Me' });
