import { Paper, Stack, Text } from '@mantine/core';
import { isFinal } from '../../api/ask-again.js';
import type { JobFact } from '../../api/newer-job.js';
import { instantInWords } from '../../parts/durations.js';
import { Fact, Facts } from '../../parts/fact.js';
import { SegmentedBar } from '../../parts/segmented-bar.js';
import { rateInWords, timeInWords } from './job-pace.js';
import { progressInWords, segmentsOf, shareDone } from './job-segments.js';
import { waitsOf } from './job-waits.js';
import { waitInWords } from './wait-words.js';

interface JobProgressProps {
  readonly job: JobFact;
  readonly now: number;
}

export function JobProgress({ job, now }: JobProgressProps) {
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Text fw={600} className="numbers" data-testid="progress">
          {progressInWords(job)}
        </Text>
        <SegmentedBar
          label="Progress"
          percent={Math.floor(shareDone(job) * 1_000) / 10}
          text={progressInWords(job)}
          segments={segmentsOf(job)}
        />
        <Waits job={job} now={now} />
        <Facts>
          <Fact name="Rate">{rateInWords(job)}</Fact>
          <Fact name={isFinal(job) ? 'Took' : 'Ends'} {...(job.etaAt !== null && { title: instantInWords(job.etaAt) })}>
            {timeInWords(job, now)}
          </Fact>
          {job.finishedAt !== null && <Fact name="Finished">{instantInWords(job.finishedAt)}</Fact>}
        </Facts>
      </Stack>
    </Paper>
  );
}

/** Why it does not go on right now: that is no alarm. */
function Waits({ job, now }: JobProgressProps) {
  const lines = new Set(waitsOf(job, now).map((wait) => waitInWords(wait, job.kind, now)));
  if (lines.size === 0) return null;
  return (
    <Stack gap={2} data-testid="waits">
      {[...lines].map((line) => (
        <Text key={line} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {line}
        </Text>
      ))}
    </Stack>
  );
}
