import { Button, Group, MultiSelect, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Job } from '#client';
import { inWords } from '../../parts/numbers.js';
import type { JobsSearch } from './jobs-search.js';

const KINDS = [
  'load_test',
  'campaign',
  'broadcast',
  'batch',
  'bulk',
  'import',
  'redrive',
  'replay',
] as const satisfies readonly Job['kind'][];
const STATUSES = [
  'draft',
  'scheduled',
  'running',
  'paused',
  'completed',
  'completed_with_errors',
  'cancelled',
] as const satisfies readonly Job['status'][];

type Filters = Omit<JobsSearch, 'after' | 'before'>;

interface JobFiltersProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

export function JobFilters({ filters, onChange }: JobFiltersProps) {
  const set = (change: { readonly [Name in keyof Filters]: Filters[Name] | undefined }) =>
    onChange(Object.fromEntries(Object.entries({ ...filters, ...change }).filter(([, value]) => value !== undefined)));
  return (
    <Group align="flex-end" gap="sm" component="search" aria-label="Filters">
      <Choice label="Kind" known={KINDS} chosen={filters.kind} onChoose={(kind) => set({ kind })} />
      <Choice label="Status" known={STATUSES} chosen={filters.status} onChoose={(status) => set({ status })} />
      <OwnerFilter key={filters.ownerId ?? ''} ownerId={filters.ownerId} onChange={(ownerId) => set({ ownerId })} />
      <Switch
        label="Only unfinished"
        checked={filters.active === 'true'}
        onChange={(event) => set({ active: event.currentTarget.checked ? 'true' : undefined })}
        mb={8}
      />
    </Group>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly known: readonly Value[];
  readonly chosen: readonly Value[] | undefined;
  readonly onChoose: (chosen: Value[] | undefined) => void;
}

function Choice<Value extends string>({ label, known, chosen = [], onChoose }: ChoiceProps<Value>) {
  const values = [...new Set([...known, ...chosen])]; // the URL may know more than we do
  return (
    <MultiSelect
      label={label}
      placeholder={chosen.length === 0 ? 'Any' : ''}
      data={values.map((value) => ({ value, label: inWords(value) }))}
      value={[...chosen]}
      onChange={(picked) => onChoose(picked.length === 0 ? undefined : picked)}
      clearable
      clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}` }}
      w={{ base: 'calc(50% - var(--mantine-spacing-sm) / 2)', xs: 230 }}
    />
  );
}

interface OwnerFilterProps {
  readonly ownerId: string | undefined;
  readonly onChange: (ownerId: string | undefined) => void;
}

function OwnerFilter({ ownerId = '', onChange }: OwnerFilterProps) {
  const [text, setText] = useState(ownerId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(text.trim() === '' ? undefined : text.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group gap={6} align="flex-end" wrap="nowrap">
        <TextInput
          label="Owner"
          placeholder="Anybody"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          w={130}
        />
        <Button type="submit" variant="default">
          Filter
        </Button>
      </Group>
    </form>
  );
}
