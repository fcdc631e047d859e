import type { JobId, TenantId } from '#domain';
import { type Database, findMovedJobs, findOpenJobs, isJob, lockJob, type OpenJob } from '#storage';
import { BackOff } from './back-off.js';
import { tellJob } from './tell-job.js';

/** Nothing is open; jobs wait for their time; copies move; news were held back. */
const WAIT_MS = { idle: 1_000, quiet: 500, moving: 250, pending: 100 } as const;
/** Running jobs are looked at although nothing moved: that is how one is found that stands still. */
const LOOK_EVERY_MS = 15_000;

/**
 * Tells how far jobs of emails are. It follows the outbox, so what costs is what happens: jobs of which nothing was told
 * are not looked at. Several processes may do it at once: whoever holds a job tells it.
 */
export class JobTeller {
  /** Where the outbox is read from; undefined: nothing is followed. */
  private position: string | undefined;
  private known = new Set<JobId>();
  private readonly running = new Map<JobId, OpenJob>();
  private readonly pending = new Map<JobId, OpenJob>();
  private readonly backOff = new BackOff<JobId>();
  private lastLook = performance.now();

  constructor(
    private readonly db: Database,
    private readonly onError: (error: unknown, job: OpenJob) => void,
  ) {}

  /** Tells what there is to tell; answers how many milliseconds to wait. */
  async pass(): Promise<number> {
    const open = (await findOpenJobs(this.db)).filter(({ hasRows }) => !hasRows);
    if (open.length === 0 && this.pending.size === 0) {
      this.forget();
      return WAIT_MS.idle;
    }
    if (open.length > 0) await this.follow([...new Set(open.map(({ tenantId }) => tenantId))]);
    for (const job of open) if (!this.known.has(job.id)) this.pending.set(job.id, job);
    this.known = new Set(open.map(({ id }) => id));
    this.lookAround();
    for (const job of this.awake()) await this.tell(job);
    if (this.awake().length > 0) return WAIT_MS.pending;
    return this.running.size > 0 ? WAIT_MS.moving : WAIT_MS.quiet;
  }

  /** What is to be told, but for what went wrong just now. */
  private awake(): OpenJob[] {
    const now = performance.now();
    return [...this.pending.values()].filter(({ id }) => !this.backOff.isResting(id, now));
  }

  private forget(): void {
    this.position = undefined;
    this.known.clear();
    this.running.clear();
  }

  private async follow(tenants: readonly TenantId[]): Promise<void> {
    const { position, jobs } = await findMovedJobs(this.db.of(...tenants), tenants, this.position ?? null);
    this.position = position;
    for (const job of jobs) this.pending.set(job.id, job);
  }

  private lookAround(): void {
    if (performance.now() - this.lastLook < LOOK_EVERY_MS) return;
    this.lastLook = performance.now();
    for (const job of this.running.values()) this.pending.set(job.id, job);
  }

  /** Also takes a job that was finished and of which something is told now: copies of it were opened again. */
  private async tell(job: OpenJob): Promise<void> {
    try {
      const db = this.db.of(job.tenantId);
      const telling = await db.transaction(async (tx) => {
        const held = await lockJob(tx, job);
        return held && tellJob(tx, held);
      });
      this.backOff.forget(job.id);
      if (!telling && !this.known.has(job.id) && !(await isJob(db, job))) this.pending.delete(job.id); // a deleted draft
      if (!telling || telling.kind === 'too_early') return; // it stays pending
      if (!telling.isGrowing) this.pending.delete(job.id);
      if (telling.status === 'running') this.running.set(job.id, job);
      else this.running.delete(job.id);
    } catch (error) {
      this.backOff.failed(job.id, performance.now()); // it stays pending: its last news would be lost, for nothing moves after them
      this.onError(error, job);
    }
  }
}
