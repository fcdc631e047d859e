import { type Mode, type ProviderId, PROVIDERS } from '#domain';
import { type Courier, createSmtpCourier, parseSmtpUrl } from '#couriers';

/** A configured courier. Its id is fixed until providers can be edited. */
export interface Provider {
  readonly id: ProviderId;
  readonly courier: Courier;
}

export interface ProviderSettings {
  readonly sandbox: { readonly host: string; readonly port: number };
  /** The live provider `default`; null: there is none, and live mail waits for one. */
  readonly smtpUrl: string | null;
  readonly maxConnections: number;
  /** What we call ourselves in EHLO. */
  readonly ehloName: string;
}

/** The way for each mode. Test mail has no way to a real server: it is chosen here and nowhere else. */
export class Providers {
  private readonly byMode: Readonly<Record<Mode, Provider | null>>;

  constructor({ sandbox, smtpUrl, maxConnections, ehloName }: ProviderSettings) {
    const connections = { maxConnections, name: ehloName };
    this.byMode = {
      test: { id: PROVIDERS.test, courier: createSmtpCourier({ ...sandbox, security: 'none', ...connections }) },
      live: smtpUrl === null ? null : { id: PROVIDERS.live, courier: liveCourier(smtpUrl, connections) },
    };
  }

  for(mode: Mode): Provider | null {
    return this.byMode[mode];
  }

  /** All that there are. */
  get ids(): ProviderId[] {
    return Object.values(this.byMode).flatMap((provider) => (provider ? [provider.id] : []));
  }

  /** Ends attempts in hand, because this process must end. */
  abandon(which: 'unarmed' | 'all'): void {
    for (const provider of Object.values(this.byMode)) provider?.courier.abandon(which);
  }

  async stop(): Promise<void> {
    await Promise.all([this.byMode.test?.courier.stop(), this.byMode.live?.courier.stop()]);
  }
}

/** A provider allows so many connections; more than there are workers are of no use. */
function liveCourier(smtpUrl: string, { maxConnections, name }: { maxConnections: number; name: string }): Courier {
  const settings = parseSmtpUrl(smtpUrl);
  return createSmtpCourier({ ...settings, name, maxConnections: Math.min(settings.maxConnections, maxConnections) });
}
