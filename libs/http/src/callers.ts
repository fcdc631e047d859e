import type { KeyId, TenantId } from '#domain';
import { ensureTenant, findKey, noteKeysUsed, type Queryable } from '#storage';
import type { Caller } from './caller.js';
import { RateLimit } from './rate-limit.js';

export const DEV_TENANT = 'dev';
/** A revoked key must be dead everywhere within 5 s. */
const CACHE_MS = 4_000;
const MAX_CACHED = 10_000;
/** How exact it is known when a key was used last. */
const NOTE_MS = 60_000;
const KEY = /^mt_(live|test)_[0-9A-Za-z]{43}$/;

/** Tells who a key stands for. In `dev`, no key at all stands for the test key of the tenant `dev`. */
export class Callers {
  private readonly known = new Map<string, { readonly caller: Caller | undefined; readonly askedAt: number }>();
  /** Requests that come together ask once: a process that just came back meets all of its callers at the same moment. */
  private readonly asking = new Map<string, Promise<Caller | undefined>>();
  private readonly notedAt = new Map<KeyId, number>();
  private dev: Promise<Caller> | undefined;
  /** undefined: as many requests as they come. */
  readonly rateLimit: RateLimit | undefined;

  /** @param rate requests a second and key, in this process */
  constructor(
    private readonly db: Queryable,
    readonly authMode: 'dev' | 'keys',
    rate: number | 'off' = 'off',
  ) {
    this.rateLimit = rate === 'off' ? undefined : new RateLimit(rate);
  }

  /** undefined: missing, unknown, expired or revoked; nobody is told which. */
  async find(key: string | undefined): Promise<Caller | undefined> {
    if (key === undefined) return this.authMode === 'dev' ? this.developer() : undefined;
    if (!KEY.test(key)) return undefined;
    const cached = this.known.get(key);
    if (cached && performance.now() - cached.askedAt < CACHE_MS) return cached.caller;
    const asking = this.asking.get(key) ?? this.ask(key).finally(() => this.asking.delete(key));
    this.asking.set(key, asking);
    return asking;
  }

  private async ask(key: string): Promise<Caller | undefined> {
    const askedAt = performance.now();
    const caller = await findKey(this.db, key);
    if (this.known.size >= MAX_CACHED) this.known.clear();
    // An unknown key may be made in a moment: it is asked for again.
    if (caller) this.known.set(key, { caller, askedAt });
    else this.known.delete(key);
    if (caller) this.noteUse(caller);
    return caller;
  }

  /** Nobody waits for it; what fails is noted the next time. */
  private noteUse({ tenantId, keyId }: { readonly tenantId: TenantId; readonly keyId: KeyId }): void {
    const now = performance.now();
    if (now - (this.notedAt.get(keyId) ?? -Infinity) < NOTE_MS) return;
    if (this.notedAt.size >= MAX_CACHED) this.notedAt.clear();
    this.notedAt.set(keyId, now);
    noteKeysUsed(this.db, [{ tenantId, keyId }]).catch(() => this.notedAt.delete(keyId));
  }

  private async developer(): Promise<Caller> {
    try {
      return await (this.dev ??= this.makeDeveloper());
    } catch (error) {
      this.dev = undefined;
      throw error;
    }
  }

  private async makeDeveloper(): Promise<Caller> {
    const tenantId = await ensureTenant(this.db, DEV_TENANT);
    return { tenantId, tenant: DEV_TENANT, mode: 'test', keyId: null, scopes: ['admin'] };
  }
}

/** The key in an Authorization header; `bad` when there is a header without one (RFC 6750 2.1). */
export function bearerKey(authorization: string | undefined): { readonly key: string | undefined } | 'bad' {
  if (authorization === undefined) return { key: undefined };
  const match = /^Bearer +([^\s]+) *$/i.exec(authorization);
  return match?.[1] === undefined ? 'bad' : { key: match[1] };
}
