import { type Claim, type Database, renewGrants } from '#storage';

const RENEW_AT_ONCE = 1_000;

/**
 * Keeps the grants alive of what waits in this process. A renewal is a write per delivery, so each is renewed only when
 * half of its grant is used, and what leaves within a quarter of it never is.
 */
export class GrantKeeper {
  /** When each claim in hand is to be renewed, on our monotonic clock. */
  private renewAt = new Map<string, number>();

  constructor(
    private readonly db: Database,
    private readonly grantSeconds: number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** Renews what is to be renewed of everything in hand; what is somebody else's by now. */
  async keep(held: readonly Claim[]): Promise<Set<Claim>> {
    const due = this.pick(held);
    const lost = new Set<Claim>();
    for (let from = 0; from < due.length; from += RENEW_AT_ONCE) {
      const some = due.slice(from, from + RENEW_AT_ONCE);
      const ours = await renewGrants(this.db, some, this.grantSeconds);
      const next = this.monotonicMs() + (this.grantSeconds * 1000) / 2;
      for (const claim of some) {
        if (ours.has(claim.id)) this.renewAt.set(key(claim), next);
        else lost.add(claim);
      }
    }
    return lost;
  }

  private pick(held: readonly Claim[]): Claim[] {
    const now = this.monotonicMs();
    const known = this.renewAt;
    // Built anew, so that it forgets what is no longer in hand. A new one may have waited in Kafka: not too late, then.
    this.renewAt = new Map(
      held.map((claim) => [key(claim), known.get(key(claim)) ?? now + (this.grantSeconds * 1000) / 4]),
    );
    return held.filter((claim) => (this.renewAt.get(key(claim)) ?? 0) <= now);
  }
}

const key = ({ id, epoch }: Claim): string => `${id} ${epoch}`;
