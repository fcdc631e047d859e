import { domainGroup, parseAddress } from '../address.js';
import { type EmailId, type Id, parsePublicId, type ProviderId, publicId, type TenantId } from '../id.js';

export type LimitId = Id<'limit'>;

/** What a limit counts, as it is stored: ids are uuids here and prefixed in the API (`formatScope`). */
export type LimitScope =
  | 'global'
  | 'tenant'
  | 'contact'
  | `provider:${string}`
  | `sender:${string}`
  | `domain:${string}`
  | `campaign:${string}`;

/** Whose limits bind everybody: the scope `global` stands under this tenant. */
export const ALL_TENANTS = '00000000-0000-0000-0000-000000000000' as TenantId;

export type ParsedScope =
  { readonly kind: 'ok'; readonly scope: LimitScope } | { readonly kind: 'bad'; readonly detail: string };

/** What of a copy says which limits it needs. */
export interface LimitedCopy {
  readonly mode: string;
  readonly emailId: EmailId;
  readonly providerId: ProviderId;
  /** The bare address that it is sent from. */
  readonly sender: string;
  readonly address: string;
  readonly recipientKey: string;
}

const MAX_LENGTH = 300;
const DOMAIN =
  /^(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}])?)+$/u;
const GROUP_NAMES = new Set(['gmail', 'yahoo', 'microsoft', 'icloud']);

/** Reads a scope as callers write it: `sender:acme.test`, `campaign:cmp_...`. */
export function parseScope(text: string): ParsedScope {
  if (text === 'tenant' || text === 'contact' || text === 'global') return { kind: 'ok', scope: text };
  const at = text.indexOf(':');
  const parse = PARSERS.get(text.slice(0, Math.max(at, 0)));
  if (!parse || text.length > MAX_LENGTH)
    return bad('is none of tenant, contact, sender:, provider:, domain:, campaign:');
  return parse(text.slice(at + 1));
}

/** The scope as callers write it. */
export function formatScope(scope: LimitScope): string {
  if (scope.startsWith('provider:')) return `provider:${publicId('provider', scope.slice('provider:'.length))}`;
  if (scope.startsWith('campaign:')) return `campaign:${publicId('campaign', scope.slice('campaign:'.length))}`;
  return scope;
}

/** All scopes of a copy, in the order that explanations name them. */
export function scopesOf(copy: LimitedCopy): readonly LimitScope[] {
  const sender = copy.sender.toLowerCase();
  return [
    campaignScope(copy.emailId),
    'tenant',
    `sender:${sender}`,
    `sender:${sender.slice(sender.lastIndexOf('@') + 1)}`,
    `provider:${copy.providerId}`,
    `domain:${domainGroup(copy.address)}`,
    'contact',
    'global',
  ];
}

export const campaignScope = (id: EmailId): LimitScope => `campaign:${id}`;

/** Under which key the use of a limit is counted: apart for each mode, and of the scope `contact` for each recipient. */
export const usageKey = (
  scope: LimitScope,
  { mode, recipientKey }: Pick<LimitedCopy, 'mode' | 'recipientKey'>,
): string => (scope === 'contact' ? `${mode} ${recipientKey}` : mode);

/** Whether a part of the limit is kept for the transactional lane: what a campaign or a contact may get is nobody else's. */
export const isShared = (scope: LimitScope): boolean => scope !== 'contact' && !scope.startsWith('campaign:');

/** Whether a limit is the same for every copy that waits in a line. @param isMixed its copies are of many emails */
export function isOfLine(scope: LimitScope, isMixed: boolean): boolean {
  if (scope.startsWith('sender:')) return !isMixed;
  return scope !== 'contact' && !scope.startsWith('domain:');
}

const PARSERS = new Map<string, (rest: string) => ParsedScope>(
  Object.entries({
    sender: (rest: string) => {
      const address = rest.includes('@') ? parseAddress(rest) : undefined;
      if (address?.kind === 'ok' && address.mailbox.name === null) return ok(`sender:${address.mailbox.key}`);
      return DOMAIN.test(rest) ? ok(`sender:${rest.toLowerCase()}`) : bad('names neither an address nor a domain');
    },
    domain: (rest: string) => {
      const domain = rest.toLowerCase();
      if (GROUP_NAMES.has(domain)) return ok(`domain:${domain}`);
      return DOMAIN.test(domain)
        ? ok(`domain:${domainGroup(`x@${domain}`)}`)
        : bad('names neither a group nor a domain');
    },
    provider: (rest: string) => {
      const id = parsePublicId('provider', rest);
      return id ? ok(`provider:${id}`) : bad('names no provider; its id looks like prv_...');
    },
    campaign: (rest: string) => {
      const id = parsePublicId('campaign', rest);
      return id ? ok(`campaign:${id}`) : bad('names no campaign; its id looks like cmp_...');
    },
  }),
);

const ok = (scope: LimitScope): ParsedScope => ({ kind: 'ok', scope });
const bad = (detail: string): ParsedScope => ({ kind: 'bad', detail });
