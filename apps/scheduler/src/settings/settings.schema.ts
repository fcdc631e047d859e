import { z } from 'zod';
import { viewFields } from '#http';
import { address } from '../emails/fields.js';
import { timeZone, windows } from '../emails/time.schema.js';

/** What is kept for one lane must leave something for the other. */
const MAX_RESERVE = 0.9;

const { instant, mailbox, planned, window: windowView } = viewFields;

/**
 * The body of `PATCH /v1/settings`: a merge patch (RFC 7396). Only what has an effect is taken; the others are shown and
 * refused as unknown fields until something obeys them.
 */
export const SettingsPatch = z
  .strictObject({
    defaultFrom: address.nullish().meta({
      description: 'who sends emails that name nobody; null: the installation’s DEFAULT_FROM again',
    }),
    transactionalReserve: z
      .number()
      .min(0)
      .max(MAX_RESERVE, `at most ${MAX_RESERVE}: bulk mail must go on`)
      .nullish()
      .meta({
        description: 'the part of shared limits that is kept for transactional mail, 0 to 0.9; null: 0.2 again',
      }),
    timeZone: timeZone.nullish().meta({
      description: 'the zone of recipients of whom none is known; null: UTC again',
      examples: ['Europe/Berlin'],
    }),
    windows: windows.nullish().meta({
      description:
        'when may be sent, whatever an email says itself: both have to be open; one-time passwords go at any time. null: always',
    }),
  })
  .meta({ id: 'SettingsPatch' });
export type SettingsPatch = z.infer<typeof SettingsPatch>;

/** What `settingsView` makes. */
export const SettingsSchema = z
  .strictObject({
    object: z.literal('settings'),
    defaultFrom: mailbox.meta({ description: 'who sends emails that name nobody' }),
    timeZone: z.string().meta({ description: 'the zone of recipients of whom none is known' }),
    windows: z.array(windowView).meta({ description: 'when may be sent' }),
    transactionalReserve: z
      .number()
      .meta({ description: 'the part of shared limits that is kept for transactional mail' }),
    catchUpShare: planned(z.number()),
    version: z.int().positive(),
    updatedAt: instant.nullable().meta({ description: 'null: nothing was chosen yet' }),
  })
  .meta({ id: 'Settings' });
