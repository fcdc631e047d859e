import type { Facts } from '#telemetry';
import type { DefaultFrom } from '../settings/default-from.js';
import { CreateBatch, type CreatedBatch } from './create-batch.js';

/** Batches, and who has to hear of them. */
export class Batches {
  readonly create: CreateBatch;

  constructor(
    defaultFrom: DefaultFrom,
    private readonly facts: Facts,
    private readonly wakeJobs: () => void,
  ) {
    this.create = new CreateBatch(defaultFrom);
  }

  /** A batch is committed. */
  created({ emails, copies }: CreatedBatch): void {
    this.facts.emailsCreated(emails, copies);
    this.wakeJobs();
  }
}
