import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { KeyId, Mode, TenantId } from '#domain';

/** Who is asking. Tenant and mode come from here and from nowhere else. */
export interface Caller {
  readonly tenantId: TenantId;
  readonly tenant: string;
  readonly mode: Mode;
  /** null: the developer at this machine, who needs no key. */
  readonly keyId: KeyId | null;
  readonly scopes: readonly string[];
}

/** A request that the guard let through. */
export interface RequestWithCaller {
  caller?: Caller;
}

/** The caller as an argument of a controller's method. */
export const CallerOf = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<RequestWithCaller>();
  if (!caller) throw new Error('a route without the guard asks for its caller');
  return caller;
});
