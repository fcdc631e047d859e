import type { LiveEvent } from '../live-event.js';
import type { SayWhatWasSkipped } from './skipped.js';

/** Events for the specs of this folder. */
export const event = (type: string, n: number, data: object = {}, topic = 'tenant'): LiveEvent => ({
  id: `evt_${n}`,
  type,
  topic,
  cursor: `c_${n}`,
  time: '',
  data,
  replay: false,
});

export const sent = (n: number, topic?: string) => event('delivery.sent', n, {}, topic);
export const progress = (n: number, job = 'job_a') => event('job.progress', n, { jobId: job });
export const completed = (n: number, job = 'job_a') => event('job.completed', n, { jobId: job });

export const say: SayWhatWasSkipped = ({ topic, ...data }) => ({
  ...event('events.skipped', 0, data, topic ?? undefined),
  cursor: data.to,
});

/** How many deliveries events stand for, told or left out. */
export const deliveriesIn = (events: readonly LiveEvent[]): number =>
  events.reduce((sum, { type, data }) => {
    if (type === 'events.skipped') return sum + (data as { count: number }).count;
    return type.startsWith('delivery.') ? sum + 1 : sum;
  }, 0);
