import { Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ShownCall } from '../../api/curl.js';
import { type JobAction, useJobAction } from '../../api/jobs.js';
import { allOf, doneOf, type JobFact } from '../../api/newer-job.js';
import { Confirm } from '../../parts/confirm.js';
import { CopyCurl } from '../../parts/copy-curl.js';
import { inWhole } from '../../parts/numbers.js';
import { ProblemNotice } from '../../parts/problem-notice.js';
import { SteadyButton } from '../../parts/steady-button.js';
import { blockedActions } from './blocked-actions.js';
import { campaignOf } from './explained.js';

const BUTTONS: readonly {
  readonly action: JobAction;
  readonly label: string;
  readonly variant?: string;
  readonly color?: string;
}[] = [
  { action: 'pause', label: 'Pause' },
  { action: 'resume', label: 'Resume' },
  { action: 'retry', label: 'Retry failed', variant: 'default' },
  { action: 'cancel', label: 'Cancel', variant: 'outline', color: 'red' },
];

/** What can be done to a job. Only the cancel asks first: all others can be taken back. */
export function JobActions({ job }: { readonly job: JobFact }) {
  const act = useJobAction(job.id);
  const [isAsking, setIsAsking] = useState(false);
  const blocked = blockedActions(job);
  const press = (action: JobAction) => (action === 'cancel' ? setIsAsking(true) : act.mutate(action));
  return (
    <Stack gap="sm">
      <Group gap="xs" role="group" aria-label="Actions">
        {BUTTONS.map(({ action, label, variant = 'filled', color }) => (
          <SteadyButton
            key={action}
            size="xs"
            variant={variant}
            {...(color !== undefined && { color })}
            blocked={act.isPending ? 'The last action is not answered yet.' : blocked[action]}
            onPress={() => press(action)}
          >
            {label}
          </SteadyButton>
        ))}
        <CopyCurl calls={callsOf(job)} />
      </Group>
      {act.isError && <ProblemNotice error={act.error} onTryAgain={() => act.mutate(act.variables)} />}
      <Confirm
        isOpen={isAsking}
        title="Cancel this job?"
        text={`What is not sent yet (${inWhole(openIn(job))}) will never be sent. This cannot be undone.`}
        yes="Cancel the job"
        no="Keep it"
        onYes={() => act.mutate('cancel')}
        onClose={() => setIsAsking(false)}
      />
    </Stack>
  );
}

const openIn = (job: JobFact): number => allOf(job) - doneOf(job);

function callsOf(job: JobFact): Readonly<Record<string, ShownCall>> {
  const path = `/v1/jobs/${job.id}`;
  const campaign = campaignOf(job);
  return {
    'Read it': { method: 'GET', path },
    'Its copies': { method: 'GET', path: `${path}/deliveries` },
    ...(campaign && { 'What its copies wait for': { method: 'GET', path: `/v1/campaigns/${campaign}/explain` } }),
    'Its failures': { method: 'GET', path: `${path}/failures` },
    Pause: { method: 'POST', path: `${path}/pause` },
    Resume: { method: 'POST', path: `${path}/resume` },
    'Retry failed': { method: 'POST', path: `${path}/retry`, body: { statuses: ['failed'] } },
    Cancel: { method: 'POST', path: `${path}/cancel` },
  };
}
