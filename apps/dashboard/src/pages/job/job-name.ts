import type { JobFact } from '../../api/newer-job.js';
import { inWords } from '../../parts/numbers.js';

/** What a job is called: by its own name where it has one, else by its kind. */
export const jobName = ({ name, kind }: Pick<JobFact, 'name' | 'kind'>): string => name ?? inWords(kind);

/** What tells it from others of its kind or name: `Campaign …ycntb2`. */
export const jobMarking = ({ id, name, kind }: Pick<JobFact, 'id' | 'name' | 'kind'>): string =>
  `${name ? `${inWords(kind)} ` : ''}…${id.slice(-6)}`;
