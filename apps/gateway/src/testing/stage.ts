import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { readEnvironment, testConfig } from '#config';
import { type JobId, publicId, type TenantId } from '#domain';
import { deliverySentV1, type EventData, emailUpdatedV1, jobCompletedV1, jobProgressV1 } from '#events';
import { jobFactView } from '#http';
import { connectKafka, createKafkaPublisher, OutboxRelay } from '#messaging';
import {
  appendOutbox,
  buryDeliveries,
  createJob,
  type Database,
  ensureKey,
  ensureTenant,
  getJob,
  jobEvent,
  newId,
  outboxEvent,
} from '#storage';
import { openFree } from '#testing';
import { gatewayOnFreePorts } from './gateway-on-free-ports.js';
import type { StoredEmail } from './store-email.js';
import type { LiveEvent } from '../status/live-event.js';
import type { SubscribeAck } from '../status/subscribe.js';

export const KEYS = {
  acme: `mt_test_${'a'.repeat(43)}`,
  acmeLive: `mt_live_${'a'.repeat(43)}`,
  /** May write templates and nothing else. */
  narrow: `mt_test_${'n'.repeat(43)}`,
  other: `mt_test_${'o'.repeat(43)}`,
};

const IS_RELAYED = `select not exists (
  select from outbox o join relay_cursor c on c.name = 'outbox' where o.xid >= c.to_xid) as done`;

/** A connected socket.io client that keeps what it hears. */
export interface Client {
  readonly socket: Socket;
  readonly events: LiveEvent[];
  readonly subscribe: (topic: string, since?: string) => Promise<SubscribeAck>;
}

/** A whole gateway over a database, with what the other apps would write into it. For specs. */
export class Stage {
  private readonly sockets: Socket[] = [];

  private constructor(
    readonly db: Database,
    readonly acme: TenantId,
    readonly gateway: Awaited<ReturnType<typeof gatewayOnFreePorts>>,
    private readonly relay: OutboxRelay,
    private readonly stopPublisher: () => Promise<void>,
  ) {}

  /** @param own a database and a prefix of topics that nobody else uses */
  static async open(own: { readonly databaseUrl: string; readonly topicPrefix: string }): Promise<Stage> {
    const { TEST_KAFKA_BROKERS: brokers } = readEnvironment(testConfig);
    const { databaseUrl, topicPrefix } = own;
    const db = openFree(databaseUrl, 2);
    const acme = await ensureTenant(db, 'acme');
    const other = await ensureTenant(db, 'other');
    const key = (secret: string, tenantId: TenantId, scope = 'admin') =>
      ensureKey(db, { secret, tenantId, name: 'spec', scopes: [scope] });
    await key(KEYS.acme, acme);
    await key(KEYS.acmeLive, acme);
    await key(KEYS.narrow, acme, 'templates:write');
    await key(KEYS.other, other);
    const gateway = await gatewayOnFreePorts({ databaseUrl, brokers, topicPrefix });
    const connection = connectKafka('spec', { brokers: [brokers], ssl: false, topicPrefix }, () => {});
    const publisher = createKafkaPublisher({ connection, retries: 5 });
    await publisher.start();
    return new Stage(db, acme, gateway, new OutboxRelay(db, publisher), () => publisher.stop());
  }

  get url(): string {
    return `http://127.0.0.1:${this.gateway.httpPort}`;
  }

  async client(
    key: string | undefined,
    query: Record<string, string> = {},
    options: { readonly headers?: Record<string, string>; readonly auth?: Record<string, string> } = {},
  ): Promise<Client> {
    const socket = io(this.url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: options.auth ?? (key === undefined ? {} : { key }),
      query,
      extraHeaders: options.headers ?? {},
    });
    this.sockets.push(socket);
    const events: LiveEvent[] = [];
    socket.onAny((_type: string, event: LiveEvent) => events.push(event));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const subscribe = (topic: string, since?: string) =>
      socket.timeout(5_000).emitWithAck('subscribe', { topic, since }) as Promise<SubscribeAck>;
    return { socket, events, subscribe };
  }

  /** Publishes all that has been written. Any transaction on the server that is still open holds back what came after it. */
  async relayAll(): Promise<void> {
    for (;;) {
      while ((await this.relay.pass()).more);
      const { rows } = await this.db.query<{ done: boolean }>({ name: 'is-relayed', text: IS_RELAYED, values: [] });
      if (rows[0]?.done) return;
      await pause(20);
    }
  }

  /** What the sender writes when a server has accepted the copy; the ids of the events. */
  async tellSent(email: StoredEmail, times = 1): Promise<string[]> {
    const data: Omit<EventData<typeof deliverySentV1>, 'at'> = {
      deliveryId: publicId('delivery', email.deliveryId),
      emailId: publicId('email', email.id),
      jobId: null,
      ownerId: null,
      from: 'sending',
      status: 'sent',
      attempt: 1,
      epoch: 1,
      providerId: null,
      domainGroup: 'x.test',
      reply: { code: 250, enhanced: '2.0.0' },
      reason: null,
      lateMs: 0,
      possibleDuplicate: false,
    };
    const events = Array.from({ length: times }, () =>
      outboxEvent(deliverySentV1, { ...aboutOf(email), deliveryId: email.deliveryId }, data),
    );
    await appendOutbox(this.db, events);
    return events.map(({ eventId }) => publicId('event', eventId));
  }

  async tellUpdated(email: Omit<StoredEmail, 'deliveryId'>): Promise<void> {
    const scheduledAt = new Date().toISOString();
    const data = { emailId: publicId('email', email.id), changed: ['subject'], scheduledAt, version: 2 };
    await appendOutbox(this.db, [outboxEvent(emailUpdatedV1, { ...aboutOf(email), deliveryId: null }, data)]);
  }

  /** What is put aside when nobody could send a copy. */
  async bury({ tenantId, mode, id, deliveryId }: StoredEmail): Promise<void> {
    const why = { reason: 'bad_recipient', attempts: 1, error: '550 5.1.1 no', conversation: [] };
    await buryDeliveries(this.db, [{ tenantId, mode, deliveryId, emailId: id, jobId: null, ...why }], 'spec');
  }

  /** A job over a hundred rows. */
  async storeJob(ownerId: string | null): Promise<JobId> {
    const id = newId<JobId>();
    const rows = { work: { action: 'cancel' }, total: 100, result: {} };
    const job = { tenantId: this.acme, id, mode: 'test' as const, kind: 'bulk' as const, ownerId, actor: 'spec', rows };
    await createJob(this.db, job);
    return id;
  }

  /** What is told of a job that has done so many of its hundred rows. */
  async tellJob(id: JobId, done: number): Promise<void> {
    const caller = { tenantId: this.acme, mode: 'test' as const };
    const row = await getJob(this.db, caller, id);
    if (!row) throw new Error('there is no such job');
    const view = jobFactView({ ...row, rows_done: done, rows_ok: done, status: done < 100 ? 'running' : 'completed' });
    const data = { ...view, jobId: view.id };
    const about = { tenantId: this.acme, id, mode: 'test' as const, actor: 'system' };
    const told = [jobEvent(jobProgressV1, about, data)];
    if (done >= 100) told.push(jobEvent(jobCompletedV1, about, data));
    await appendOutbox(this.db, told);
  }

  /** Ends the clients of one test. */
  leave(): void {
    for (const socket of this.sockets.splice(0)) socket.disconnect();
  }

  async close(): Promise<void> {
    this.leave();
    await this.stopPublisher();
    await this.gateway.stop();
    await this.db.stop();
  }
}

const aboutOf = ({ tenantId, mode, id }: Omit<StoredEmail, 'deliveryId'>) => ({
  tenantId,
  mode,
  source: 'spec',
  actor: 'system',
  emailId: id,
  version: 2,
});

export const emailTopic = ({ id }: StoredEmail) => `email:${publicId('email', id)}`;
export const deliveryTopic = ({ deliveryId }: StoredEmail) => `delivery:${publicId('delivery', deliveryId)}`;

export const typesOf = ({ events }: Pick<Client, 'events'>, topic: string) =>
  events.filter((event) => event.topic === topic).map(({ type }) => type);
