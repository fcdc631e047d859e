import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { browserConfig, readEnvironment } from '#config';

/** Where Debian's Chromium is, or the one that CHROMIUM_PATH names; undefined: there is none. Nothing is downloaded. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH: path } = readEnvironment(browserConfig);
  return existsSync(path) ? path : undefined;
}

/** A real browser without a window. Whoever launches it closes it. */
export async function launchBrowser(executablePath: string): Promise<Browser> {
  const { chromium } = await import('playwright-core'); // most specs need none
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', // we may be root
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
