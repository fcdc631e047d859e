import type { Browser, Page } from 'playwright-core';

export interface Visit {
  readonly page: Page;
  /** What the browser complained about, but for answers that say that something failed. */
  readonly complaints: string[];
}

/** Somebody who looks at the page, with everything the browser complains about written down. */
export async function visit(
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isFailedLoad = /Failed to load resource|ERR_CONNECTION|WebSocket connection/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isFailedLoad) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}
