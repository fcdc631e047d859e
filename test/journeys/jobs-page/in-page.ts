import type { Page } from 'playwright-core';

// What runs in the browser is written as text: there are no types of a browser on this side.

const NAMELESS = `
  const controls = [...document.querySelectorAll('button, a[href], input, select, textarea, [role=progressbar]')];
  const nameOf = (control) =>
    control.getAttribute('aria-label') ??
    document.getElementById(control.getAttribute('aria-labelledby') ?? '')?.textContent ??
    control.labels?.[0]?.textContent ??
    control.textContent;
  controls
    .filter((control) => control.type !== 'hidden' && control.offsetParent !== null && nameOf(control).trim() === '')
    .map((control) => control.outerHTML.slice(0, 200));
`;

const COUNTS = `
  Object.fromEntries(
    [...document.querySelectorAll('[data-state]')].map((count) => [
      count.dataset.state,
      Number(count.querySelector('dd').textContent.replaceAll(',', '')),
    ]),
  );
`;

/** Everything one can press, choose or fill that has no name a screen reader could say. */
export const namelessControls = (page: Page): Promise<string[]> => page.evaluate(`{${NAMELESS}}`);

/** The numbers of a job as they are shown, of one instant. */
export const countsOn = (page: Page): Promise<Record<string, number>> => page.evaluate(COUNTS);

/** How far the page is wider than its window, in pixels. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** The words on what has the focus. */
export const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement?.textContent ?? ""');
