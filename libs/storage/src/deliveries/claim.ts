import type { DeliveryId, TenantId } from '#domain';

/** A delivery under one claim. With another epoch it is somebody else's. */
export interface Claim {
  readonly tenantId: TenantId;
  readonly id: DeliveryId;
  readonly epoch: number;
}

/** The three columns of claims that every statement over them begins with. */
export const claimColumns = (claims: readonly Claim[]): [TenantId[], DeliveryId[], number[]] => [
  claims.map((claim) => claim.tenantId),
  claims.map((claim) => claim.id),
  claims.map((claim) => claim.epoch),
];

/** The same for the same delivery under the same claim, and for nothing else. */
export const claimKey = ({ id, epoch }: Pick<Claim, 'id' | 'epoch'>): string => `${id} ${epoch}`;

/** In one order everywhere, so that two statements over the same rows wait for each other and never deadlock. */
export const inLockOrder = <C extends Claim>(claims: readonly C[]): C[] =>
  claims.toSorted((a, b) => (a.tenantId === b.tenantId ? compare(a.id, b.id) : compare(a.tenantId, b.tenantId)));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
