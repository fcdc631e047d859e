import type { JobWait } from '../../api/job-wait.js';
import type { JobFact } from '../../api/newer-job.js';
import { clockInWords, durationInWords, spanInWords } from '../../parts/durations.js';
import { inWhole } from '../../parts/numbers.js';
import { limitInWords } from './limit-words.js';

interface Wait extends JobWait {
  /** Of the job that waits. */
  readonly kind: JobFact['kind'];
  readonly nowMs: number;
}

interface Words {
  /** Where there is little room. */
  readonly brief: string;
  readonly say: (wait: Wait) => string;
}

const WORDS: Readonly<Record<string, Words>> = {
  limit: {
    brief: 'Waits for a limit',
    say: (wait) => `Waits for ${limitInWords(wait.scope, wait.kind)}${usedInWords(wait)}${until(wait, ', goes on')}`,
  },
  delay: {
    brief: 'Between two copies',
    say: (wait) => `Waits between two copies${ofLimit(wait)}${gapInWords(wait)}`,
  },
  window: {
    brief: 'Outside its window',
    say: (wait) => `Outside the window in which it may be sent${until(wait, ', opens')}`,
  },
  retry_backoff: {
    brief: 'To be tried again',
    say: (wait) => `What did not get through is to be tried again${until(wait, '')}`,
  },
  not_due: { brief: 'Not due yet', say: (wait) => `The next copy is not due yet${until(wait, ', goes')}` },
  provider_down: {
    brief: 'Provider away',
    say: (wait) => `Its provider does not answer${until(wait, ', asked again')}`,
  },
  slow_rendering: {
    brief: 'Slow to render',
    say: (wait) => `Its content takes long to render, so others go between${until(wait, ', goes on')}`,
  },
  missed: {
    brief: 'Its time was missed',
    say: () => 'Its time was missed: send what waits now, reschedule it or cancel it',
  },
};

/** `Waits for the limit of this campaign: 40 of 40 in an hour, goes on at 10:04.` */
export function waitInWords(wait: JobWait, kind: JobFact['kind'], nowMs: number): string {
  const of = { ...wait, kind, nowMs };
  const words = WORDS[wait.reason]?.say(of) ?? `Waits: ${wait.reason.replaceAll('_', ' ')}${until(of, ', goes on')}`;
  return `${words}.`;
}

/** `Waits for a limit`. */
export const waitInBrief = ({ reason }: JobWait): string => WORDS[reason]?.brief ?? 'Waits';

const until = ({ until: end, nowMs }: Wait, lead: string): string => (end ? `${lead} ${clockInWords(end, nowMs)}` : '');

/** Its own delay needs no owner. */
const ofLimit = ({ scope, kind }: Wait): string =>
  !scope || scope.startsWith('campaign:') ? '' : `, by ${limitInWords(scope, kind)}`;

const usedInWords = ({ max, windowSeconds, used }: Wait): string =>
  max && windowSeconds ? `: ${inWhole(used ?? max)} of ${inWhole(max)} in ${spanInWords(windowSeconds)}` : '';

function gapInWords({ windowSeconds, until: end, nowMs }: Wait): string {
  if (windowSeconds) return `: ${durationInWords(1_000 * windowSeconds)}`;
  const isAhead = end && Date.parse(end) - nowMs >= 1_000;
  return isAhead ? `, the next one goes ${clockInWords(end, nowMs)}` : '';
}
