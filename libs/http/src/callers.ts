import { ensureTenant, findKey, type Queryable } from '#storage';
import type { Caller } from './caller.js';

export const DEV_TENANT = 'dev';
/** A revoked key must be dead everywhere within 5 s. */
const CACHE_MS = 4_000;
const MAX_CACHED = 10_000;
const KEY = /^mt_(live|test)_[0-9A-Za-z]{43}$/;

/** Tells who a key stands for. In `dev`, no key at all stands for the test key of the tenant `dev`. */
export class Callers {
  private readonly known = new Map<string, { readonly caller: Caller | undefined; readonly askedAt: number }>();
  private dev: Promise<Caller> | undefined;

  constructor(
    private readonly db: Queryable,
    readonly authMode: 'dev' | 'keys',
  ) {}

  /** undefined: missing, unknown, expired or revoked; nobody is told which. */
  async find(key: string | undefined): Promise<Caller | undefined> {
    if (key === undefined) return this.authMode === 'dev' ? this.developer() : undefined;
    if (!KEY.test(key)) return undefined;
    const cached = this.known.get(key);
    if (cached && performance.now() - cached.askedAt < CACHE_MS) return cached.caller;
    const askedAt = performance.now();
    const caller = await findKey(this.db, key);
    if (this.known.size >= MAX_CACHED) this.known.clear();
    // An unknown key may be made in a moment: it is asked for again.
    if (caller) this.known.set(key, { caller, askedAt });
    else this.known.delete(key);
    return caller;
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
