import { z } from 'zod';
import { viewFields } from '#http';

const { count } = viewFields;

/** What `POST /v1/campaigns/{id}/recipients` answers. */
export const UploadedSchema = z
  .strictObject({
    accepted: count.meta({ description: 'recipients that were not there yet' }),
    merged: count.meta({ description: 'rows whose address was there already' }),
    rejected: count.meta({ description: 'rows that nobody can be mailed by: `/rejected` lists them' }),
    badTimeZones: count.meta({
      description: 'accepted ones whose time zone is none: the next in the chain counts for them',
    }),
    total: count.meta({ description: 'recipients of the campaign now' }),
  })
  .meta({ id: 'Uploaded' });
