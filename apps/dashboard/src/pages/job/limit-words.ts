import type { JobFact } from '../../api/newer-job.js';

const SHARED: ReadonlyMap<string, string> = new Map([
  ['tenant', 'the limit of all mail of this tenant'],
  ['global', 'the limit of this installation'],
  ['contact', 'the limit of mail to one recipient'],
]);

/** Whose limit holds a job back; ids mean nothing to people. */
export function limitInWords(scope: string | null | undefined, kind: JobFact['kind']): string {
  const [of = '', ...rest] = (scope ?? '').split(':');
  const whose = rest.join(':');
  switch (of) {
    case 'campaign':
      return `the limit of this ${kind.replaceAll('_', ' ')}`;
    case 'provider':
      return 'the limit of its provider';
    case 'sender':
      return `the limit of mail from ${whose}`;
    case 'domain':
      return `the limit of mail to ${whose}`;
    default:
      return SHARED.get(of) ?? 'a limit';
  }
}
