import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { JobId } from '#domain';
import { openFree, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { createEmails } from '../emails/create-emails.js';
import { newId } from '../new-id.js';
import { anEmail, aTenant } from '../testing/builders.js';
import { inVain, rowsOf } from '../testing/spec-database.js';
import { createJob } from './create-job.js';
import { deliveriesOfJob } from './deliveries-of-job.js';
import { getJob, jobFailures } from './read-jobs.js';

/** What is asked of jobs four times a second must not cost more the more is stored. */

let database: TestDatabase;
let db: Database;
const tenantId = aTenant();
const id = newId<JobId>();

beforeAll(async () => {
  database = await testDatabase();
  db = openFree(database.url, 2);
  await createJob(db, { tenantId, id, mode: 'test', kind: 'batch', ownerId: null, actor: 'system', rows: null });
  for (let batch = 0; batch < 4; batch += 1) {
    const emails = Array.from({ length: 500 }, () =>
      anEmail({ tenantId, scheduledAt: new Date('2027-01-05'), jobId: batch === 0 ? id : null }),
    );
    await createEmails(db, emails);
  }
}, 60_000);

afterAll(async () => {
  await db.stop();
  await database.drop();
});

it.each(['as fresh as a new installation', 'analysed'])('a job is read by few rows per email, %s', async (state) => {
  if (state === 'analysed') await rowsOf(db, 'analyze emails, deliveries, jobs');
  await inVain(db, async (tx) => {
    await rowsOf(tx, 'set local role mt_api');
    await rowsOf(tx, `set local app.tenants = '{${tenantId}}'`);
    const begun = performance.now();
    const job = await getJob(tx, { tenantId, mode: 'test' }, id);
    expect(job).toMatchObject({ total: 500, scheduled: 500 });
    if (job) expect(await jobFailures(tx, job)).toEqual([]);
    const places = await deliveriesOfJob(tx, { tenantId, id }, { after: undefined, limit: 25 });
    expect(places).toHaveLength(26);
    expect(performance.now() - begun).toBeLessThan(500); // reading all copies for every email takes seconds
  });
});
