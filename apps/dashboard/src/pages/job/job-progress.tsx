import { Paper, Stack, Text } from '@mantine/core';
import { isFinal } from '../../api/ask-again.js';
import type { JobFact } from '../../api/newer-job.js';
import { instantInWords } from '../../parts/durations.js';
import { Fact, Facts } from '../../parts/fact.js';
import { SegmentedBar } from '../../parts/segmented-bar.js';
import { rateInWords, timeInWords } from './job-pace.js';
import { progressInWords, segmentsOf, shareDone } from './job-segments.js';

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
