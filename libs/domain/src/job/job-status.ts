import type { DeliveryStatus } from '../delivery/delivery-status.js';

export const JOB_KINDS = [
  'campaign',
  'broadcast',
  'load_test',
  'batch',
  'bulk',
  'import',
  'redrive',
  'replay',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** The last three are final. */
export const JOB_STATUSES = [
  'draft',
  'scheduled',
  'running',
  'paused',
  'completed',
  'completed_with_errors',
  'cancelled',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const FINAL_JOB_STATUSES: readonly JobStatus[] = ['completed', 'completed_with_errors', 'cancelled'];

/** How many copies are in each state; they always sum to `total`. */
export type CopyCounts = Readonly<Record<DeliveryStatus, number>> & { readonly total: number };

/** Copies that may still be sent. */
export const openCopies = ({ scheduled, queued, sending }: CopyCounts): number => scheduled + queued + sending;

/**
 * The status of a job whose work is its emails' copies (interface 3.4): final only when none is open.
 * @param paused how many of the open ones belong to a paused email
 * @param isCancelled somebody cancelled the job; what was in flight then still has to end
 */
export function jobStatusOf(counts: CopyCounts, paused: number, isCancelled: boolean): JobStatus {
  const open = openCopies(counts);
  if (open > 0 && paused === open) return 'paused';
  if (open > 0) return counts.scheduled === counts.total ? 'scheduled' : 'running';
  if (isCancelled || (counts.total > 0 && counts.cancelled === counts.total)) return 'cancelled';
  return counts.failed + counts.unknown > 0 ? 'completed_with_errors' : 'completed';
}

/** What of a campaign or load test, beside its copies, says how its job stands. */
export interface AudienceState {
  readonly isDraft: boolean;
  readonly isPaused: boolean;
  readonly isCancelled: boolean;
  /** Copies are still being made, or opened again. */
  readonly isGrowing: boolean;
  /** Its start has come. */
  readonly hasBegun: boolean;
}

/** The status of a job of an email with an audience: final only when no copy is open and none will come. */
export function audienceStatusOf(counts: CopyCounts, state: AudienceState): JobStatus {
  if (state.isDraft) return 'draft';
  if (!state.isGrowing && openCopies(counts) === 0) return jobStatusOf(counts, 0, state.isCancelled);
  if (state.isPaused && !state.isCancelled) return 'paused';
  return state.hasBegun || counts.scheduled < counts.total ? 'running' : 'scheduled';
}
