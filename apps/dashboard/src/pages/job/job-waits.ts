import type { JobFact } from '../../api/newer-job.js';
import { instantInWords } from '../../parts/durations.js';
import { inWhole } from '../../parts/numbers.js';

/** A wait as jobs and explanations show it: what is not known of it is left out. */
interface Wait {
  readonly reason: string;
  readonly scope?: string | null;
  readonly max?: number | null;
  readonly windowSeconds?: number | null;
  readonly used?: number | null;
  readonly until?: string | null;
}

/** What holds a job back now, in the words of its answer; undefined: it does not say. */
export function waitsInWords({ waitingFor = [] }: Pick<JobFact, 'waitingFor'>): string | undefined {
  if (waitingFor.length === 0) return undefined;
  return `It waits for ${waitingFor.map(waitInWords).join(', and for ')}.`;
}

function waitInWords(wait: Wait): string {
  const until = wait.until ? `, at least until ${instantInWords(wait.until)}` : '';
  return `${causeOf(wait)}${until}`;
}

function causeOf({ reason, scope, max, windowSeconds, used }: Wait): string {
  switch (reason) {
    case 'limit': {
      const share = max && windowSeconds ? ` (${inWhole(used ?? 0)} of ${inWhole(max)} in ${windowSeconds} s)` : '';
      return `the limit of ${scope ?? 'its line'}${share}`;
    }
    case 'delay':
      return 'the delay between two of its emails';
    case 'window':
      return 'the hours in which it may be sent';
    default:
      return reason.replaceAll('_', ' ');
  }
}
