import { type Mailbox, parseAddress, type SendWindows, type TenantId, UTC } from '#domain';
import { type Database, type Queryable, readSettings } from '#storage';

/** A change by another process is seen this much later; one by this process at once. */
const KNOWN_MS = 3_000;
const MAX_KNOWN = 10_000;

/** What a tenant has chosen for emails that do not say. */
export interface TenantChoices {
  readonly from: Mailbox;
  readonly timeZone: string;
  readonly windows: SendWindows;
}

interface Known {
  readonly choices: Promise<TenantChoices>;
  readonly askedAt: number;
}

/**
 * Who sends when an email names nobody: what its tenant chose, else what the installation says; and by which clock, in
 * which windows. No statement per email.
 */
export class DefaultFrom {
  private readonly known = new Map<TenantId, Known>();

  /** @param installation what DEFAULT_FROM says */
  constructor(
    private readonly db: Database,
    readonly installation: Mailbox,
  ) {}

  /** @param tx a transaction that the caller has open, so that it takes no second connection */
  async of(tenantId: TenantId, tx?: Queryable): Promise<Mailbox> {
    return (await this.choices(tenantId, tx)).from;
  }

  /** All that its tenant has chosen. @param tx a transaction that the caller has open */
  choices(tenantId: TenantId, tx?: Queryable): Promise<TenantChoices> {
    const known = this.known.get(tenantId);
    if (known && performance.now() - known.askedAt < KNOWN_MS) return known.choices;
    if (tx) return this.read(tx, tenantId);
    const choices = this.read(this.db.of(tenantId), tenantId);
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(tenantId, { choices, askedAt: performance.now() });
    choices.catch(() => this.forget(tenantId)); // the next one asks again
    return choices;
  }

  /** It was changed here. */
  forget(tenantId: TenantId): void {
    this.known.delete(tenantId);
  }

  private async read(db: Queryable, tenantId: TenantId): Promise<TenantChoices> {
    const settings = await readSettings(db, tenantId);
    return {
      from: this.chosen(settings?.default_from ?? null),
      timeZone: settings?.time_zone ?? UTC,
      windows: settings?.windows ?? [],
    };
  }

  /** A stored choice as a mailbox. */
  chosen(stored: string | null): Mailbox {
    if (stored === null) return this.installation;
    const parsed = parseAddress(stored);
    if (parsed.kind === 'bad') throw new Error(`a stored mailbox is not readable: ${parsed.detail}`);
    return parsed.mailbox;
  }
}
