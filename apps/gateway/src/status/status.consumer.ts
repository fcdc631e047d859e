import { Controller, UseFilters } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { type EmailId, type JobId, type Mode, parsePublicId, publicId, type TenantId } from '#domain';
import { emailSchedulingTopic, emailStatusTopic, jobProgressTopic } from '#events';
import { KeepError, OnBatch, type ReceivedEvent } from '#messaging';
import { Database, findOwners } from '#storage';
import { liveCursor } from './live-cursor.js';
import { roomName, Rooms, type Scope } from './rooms.js';
import { SettledPosition } from './settled-position.js';

/** Of all that an event may say, what decides who is told. */
interface About {
  readonly emailId?: string | null;
  readonly deliveryId?: string | null;
  readonly jobId?: string | null;
  readonly ownerId?: string | null;
}

/** Passes events on to the sockets that asked for them. What nobody asked for costs next to nothing. */
@Controller()
@UseFilters(KeepError)
export class StatusConsumer {
  constructor(
    private readonly rooms: Rooms,
    private readonly position: SettledPosition,
    private readonly db: Database,
  ) {}

  @OnBatch(emailSchedulingTopic)
  async scheduling(@Payload() events: readonly ReceivedEvent[]): Promise<void> {
    const owners = await this.ownersOf(events);
    for (const event of events) this.tell(event, ownerIn(event, owners));
  }

  @OnBatch(emailStatusTopic)
  async status(@Payload() events: readonly ReceivedEvent[]): Promise<void> {
    for (const event of events) this.tell(event, null); // an owner's topic has jobs and emails, no deliveries
  }

  @OnBatch(jobProgressTopic)
  async jobs(@Payload() events: readonly ReceivedEvent[]): Promise<void> {
    for (const event of events) this.tell(event, (event.data as About).ownerId ?? null);
  }

  private tell({ envelope, data, position }: ReceivedEvent, ownerId: string | null): void {
    if (position !== null) this.position.see(position);
    const scope = scopeOf(envelope);
    for (const topic of topicsOf(envelope.type, data as About, ownerId)) {
      const room = roomName(scope, topic);
      if (!this.rooms.has(room)) continue;
      const { id, type, time } = envelope;
      const cursor = liveCursor(this.position.current());
      this.rooms.emit(room, { id, type, topic, cursor, time, data, replay: false });
    }
  }

  /** Edits and cancels do not name the owner; it is looked up while some socket listens to one. */
  private async ownersOf(events: readonly ReceivedEvent[]): Promise<ReadonlyMap<EmailId, string>> {
    const unnamed = events.flatMap(({ envelope, data }) => {
      const { emailId, ownerId } = data as About;
      const id = ownerId === undefined && this.rooms.hasOwners ? parsePublicId('email', emailId ?? '') : undefined;
      return id ? [{ tenantId: envelope.tenantId as TenantId, id }] : [];
    });
    if (unnamed.length === 0) return new Map();
    return findOwners(this.db.of(...new Set(unnamed.map(({ tenantId }) => tenantId))), unnamed);
  }
}

/** The topics that an event is told under (interface 4). */
function topicsOf(type: string, { emailId, deliveryId, jobId }: About, ownerId: string | null): string[] {
  if (type === 'dead_letter.added') return ['dead-letters'];
  const topics = ['tenant'];
  if (ownerId !== null) topics.push(`owner:${ownerId}`);
  if (type.startsWith('job.')) {
    const id = parsePublicId('job', jobId ?? '');
    return id ? [...topics, `job:${jobId}`, campaignTopic(id)] : topics;
  }
  const id = type.startsWith('email.') ? parsePublicId('email', emailId ?? '') : undefined;
  if (id) topics.push(campaignTopic(id));
  if (emailId) topics.push(`email:${emailId}`);
  if (deliveryId) topics.push(`delivery:${deliveryId}`);
  return topics;
}

/** Of the campaign that bears this uuid, if there is one: else nobody can have entered that room. */
const campaignTopic = (id: EmailId | JobId): string => `campaign:${publicId('campaign', id)}`;

function ownerIn({ data }: ReceivedEvent, owners: ReadonlyMap<EmailId, string>): string | null {
  const { emailId, ownerId } = data as About;
  if (ownerId !== undefined || owners.size === 0) return ownerId ?? null;
  const id = parsePublicId('email', emailId ?? '');
  return (id && owners.get(id)) ?? null;
}

const scopeOf = ({ tenantId, mode }: ReceivedEvent['envelope']): Scope => ({
  tenantId: tenantId as TenantId,
  mode: mode as Mode,
});
