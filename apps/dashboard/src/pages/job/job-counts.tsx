import { Paper, Title } from '@mantine/core';
import { allOf, type JobFact } from '../../api/newer-job.js';
import { inWhole, inWords } from '../../parts/numbers.js';
import { colorOf } from '../../parts/segmented-bar.js';
import classes from './job-counts.module.css';
import { segmentsOf } from './job-segments.js';
import { STATE_WORDS } from './state-words.js';

/** Every state with its number: they sum to all that there is to do. */
export function JobCounts({ job }: { readonly job: JobFact }) {
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="counts">
      <Title order={2} size="h5" id="counts" mb="sm">
        {job.counts ? 'Copies by state' : 'Rows'}
      </Title>
      <dl className={classes['counts']}>
        {segmentsOf(job).map(({ name, count }) => (
          <div key={name} className={classes['count']} data-state={name} data-none={count === 0 || undefined}>
            <dt title={STATE_WORDS[name]}>
              <span className={classes['swatch']} style={{ backgroundColor: colorOf(name) }} aria-hidden />
              {inWords(name)}
            </dt>
            <dd className="numbers">{inWhole(count)}</dd>
          </div>
        ))}
        <div className={classes['count']} data-state="total">
          <dt>Total</dt>
          <dd className="numbers">{inWhole(allOf(job))}</dd>
        </div>
      </dl>
      <details className={classes['meanings']}>
        <summary>What the states mean</summary>
        <dl>
          {segmentsOf(job).map(({ name }) => (
            <div key={name}>
              <dt>{inWords(name)}</dt>
              <dd>{STATE_WORDS[name]}</dd>
            </div>
          ))}
        </dl>
      </details>
      {job.result && (
        <dl className={classes['counts']}>
          {Object.entries(job.result).map(([name, count]) => (
            <div key={name} className={classes['count']}>
              <dt>{inWords(name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))}</dt>
              <dd className="numbers">{inWhole(count)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Paper>
  );
}
