import { Alert, Button, Group, Paper, Table, Text, Title } from '@mantine/core';
import { useJobFailures } from '../../api/jobs.js';
import type { JobFact } from '../../api/newer-job.js';
import { inWhole, inWords } from '../../parts/numbers.js';
import { FAILURE_WORDS } from './failure-words.js';

/** Why copies failed, the most frequent reason first. */
export function JobFailures({ job }: { readonly job: JobFact }) {
  const { failures, error, readAgain } = useJobFailures(job);
  if (!job.counts) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="failures">
      <Title order={2} size="h5" id="failures" mb="sm">
        Failures by reason
      </Title>
      {error && (
        <Alert color="orange" role="alert" mb="sm" title="Not all reasons could be read">
          <Group gap="sm">
            <Text size="sm">What stands here may be incomplete, or older than the numbers above.</Text>
            <Button size="xs" variant="default" onClick={readAgain}>
              Try again
            </Button>
          </Group>
        </Alert>
      )}
      {failures.length === 0 ? (
        <Text size="sm" c="dimmed">
          None so far.
        </Text>
      ) : (
        <Table aria-labelledby="failures">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Reason</Table.Th>
              <Table.Th>Reply</Table.Th>
              <Table.Th ta="right">Copies</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {failures.map(({ reason, code, count }) => (
              <Table.Tr key={`${reason} ${code}`}>
                <Table.Td>
                  {inWords(reason)}
                  {FAILURE_WORDS[reason] !== undefined && (
                    <Text size="xs" c="dimmed">
                      {FAILURE_WORDS[reason]}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td className="numbers" style={{ whiteSpace: 'nowrap' }}>
                  {code ?? '–'}
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {inWhole(count)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
