import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { JobView } from '#http';
import { findChromium, launchBrowser, type Mailtide, startMailtide } from '#testing';
import { visit } from './visit.js';

const chromium = findChromium();
const KEY = `mt_live_${'k'.repeat(43)}`;
const WRONG = `mt_live_${'w'.repeat(43)}`;

(chromium === undefined ? describe.skip : describe)('the page where keys are needed', () => {
  let mailtide: Mailtide;
  let browser: Browser;

  beforeAll(async () => {
    mailtide = await startMailtide({ env: { LOG_LEVEL: 'warn', AUTH_MODE: 'keys', BOOTSTRAP_KEY: KEY } });
    browser = await launchBrowser(chromium ?? '');
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await mailtide?.stop();
  }, 60_000);

  it('asks for one once per browser session, and listens with tickets', async () => {
    const later = { to: 'a@x.test', subject: 's', text: 't', scheduledAt: '2099-01-01T00:00:00Z' };
    const { body: job } = await mailtide.api.call<JobView>(
      'POST',
      '/v1/emails/batch',
      { emails: [later] },
      { authorization: `Bearer ${KEY}` },
    );
    const { page, complaints } = await visit(browser, `${mailtide.apiUrl}/app/jobs/${job.id}`);
    const sent: string[] = [];
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
    await page.getByLabel(/^API key/).fill(WRONG);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel(/^API key/).fill(KEY);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();
    expect(sent.join('\n')).toContain('mt_ticket_');
    expect(sent.join('\n')).not.toContain(KEY);

    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Forget the key' }).click();
    await page.getByRole('heading', { name: 'Enter an API key' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 90_000);
});
