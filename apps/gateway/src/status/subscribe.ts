import { publicId } from '#domain';
import { type Caller, Problem, problemBody, type ProblemBody } from '#http';
import { type Database, newId, type PastEvent, readPosition, replayEvents } from '#storage';
import type { Logger } from '#telemetry';
import { liveCursor, parseLiveCursor } from './live-cursor.js';
import type { LiveEvent } from './live-event.js';
import { type Opening, roomName, type Rooms } from './rooms.js';
import { readTopic, type Snapshot, type TopicNow } from './snapshot.js';
import { parseTopic, type StatusTopic } from './topic.js';

/** The answer to `subscribe` (interface 4). */
export type SubscribeAck =
  | {
      readonly ok: true;
      readonly topic: string;
      readonly cursor: string;
      readonly snapshot: Snapshot;
      readonly replayed: number;
      readonly gap: boolean;
    }
  | { readonly ok: false; readonly topic: string; readonly problem: ProblemBody };

/** The one who subscribes. */
export interface Subscriber {
  readonly caller: Caller;
  readonly topics: Set<string>;
  /** Answers, then sends what happened meanwhile, then lets live events through: in one go, nothing in between. */
  readonly enter: (room: string, ack: SubscribeAck, missed: readonly LiveEvent[]) => void;
  readonly refuse: (ack: SubscribeAck) => void;
}

const MAX_TOPICS = 50;
const MAX_REPLAYED = 10_000;
/** A tenant's history is read from all tenants' events: further back than this many transactions it is not looked for. */
const MAX_TRANSACTIONS = 1_000_000n;

/**
 * A subscription: first keep what happens, then read how things are, then answer, then pass on what was kept. So nothing
 * falls between snapshot and events; some may come twice, and clients drop known ids.
 */
export class Subscribe {
  constructor(
    private readonly db: Database,
    private readonly rooms: Rooms,
    private readonly log: Logger,
  ) {}

  async run(subscriber: Subscriber, name: string, since: string | undefined): Promise<void> {
    try {
      await this.subscribe(subscriber, name, since);
    } catch (error) {
      if (!(error instanceof Problem)) this.log.error({ err: error }, 'a subscription failed');
      const problem =
        error instanceof Problem ? error : new Problem('unavailable', 'It cannot be read now. Try again.');
      subscriber.refuse({ ok: false, topic: name, problem: realtimeProblem(problem) });
    }
  }

  private async subscribe(subscriber: Subscriber, name: string, since: string | undefined): Promise<void> {
    const topic = parseTopic(name);
    if (!topic) throw new Problem('not_found', `There is no topic "${name.slice(0, 100)}" for you.`);
    const position = since === undefined ? undefined : parseLiveCursor(since);
    if (since !== undefined && position === undefined) {
      throw new Problem('bad_cursor', 'The cursor is not readable. Use it as it came, or subscribe without since.');
    }
    const isNew = takePlace(subscriber.topics, name);
    const room = roomName(subscriber.caller, name);
    const opening = this.rooms.open(room);
    try {
      const { ack, missed } = await this.read(subscriber.caller, name, topic, position);
      if (!subscriber.topics.has(name)) throw new Problem('state_conflict', 'You unsubscribed from it meanwhile.');
      subscriber.enter(room, ack, [...missed, ...meanwhile(opening, missed)]);
    } catch (error) {
      if (isNew) subscriber.topics.delete(name);
      throw error;
    } finally {
      this.rooms.close(room, opening);
    }
  }

  private async read(
    caller: Caller,
    name: string,
    topic: StatusTopic,
    since: string | undefined,
  ): Promise<{ readonly ack: SubscribeAck; readonly missed: readonly LiveEvent[] }> {
    const { position, horizon } = await readPosition(this.db);
    const now = await readTopic(this.db, caller, topic);
    if (!now) throw new Problem('not_found', `There is no topic "${name}" for you.`);
    const missed = since === undefined ? undefined : await this.missed(caller, now, since, horizon);
    if (since === undefined || missed === undefined) {
      const cursor = liveCursor(position);
      const ack = {
        ok: true as const,
        topic: name,
        cursor,
        snapshot: now.snapshot,
        replayed: 0,
        gap: since !== undefined,
      };
      return { ack, missed: [] };
    }
    const events = missed.map((event, index) =>
      // Until the last one is there, a client that is cut off begins again where it was.
      pastEvent(event, name, liveCursor(index === missed.length - 1 ? position : since)),
    );
    const cursor = liveCursor(missed.length > 0 ? since : position);
    return {
      ack: { ok: true, topic: name, cursor, snapshot: null, replayed: missed.length, gap: false },
      missed: events,
    };
  }

  /** undefined: too much, or too long ago, or of another history than this one. */
  private async missed(
    caller: Caller,
    { eventsOf }: TopicNow,
    since: string,
    horizon: string,
  ): Promise<PastEvent[] | undefined> {
    const age = BigInt(horizon) - BigInt(since);
    const isWide = eventsOf.kind === 'tenant' || eventsOf.kind === 'owner';
    if (age < 0n || (isWide && age > MAX_TRANSACTIONS)) return undefined;
    const events = await replayEvents(this.db, caller, eventsOf, since, MAX_REPLAYED);
    return events.length > MAX_REPLAYED ? undefined : events;
  }
}

/** Whether the topic is a new one of this socket. */
function takePlace(topics: Set<string>, name: string): boolean {
  if (topics.has(name)) return false;
  if (topics.size >= MAX_TOPICS) {
    const detail = `A socket has at most ${MAX_TOPICS} topics. Unsubscribe from one, or open another socket.`;
    throw new Problem('validation_failed', detail, { errors: [{ pointer: '/topic', code: 'too_many', detail }] });
  }
  topics.add(name);
  return true;
}

function meanwhile(opening: Opening, missed: readonly LiveEvent[]): readonly LiveEvent[] {
  const { events } = opening;
  if (!events) throw new Problem('unavailable', 'More happened than could be kept while you subscribed. Try again.');
  const known = new Set(missed.map(({ id }) => id));
  return events.filter(({ id }) => !known.has(id));
}

const pastEvent = ({ event_id, type, time, data }: PastEvent, topic: string, cursor: string): LiveEvent => ({
  id: publicId('event', event_id),
  type,
  topic,
  cursor,
  time,
  data: JSON.parse(data) as unknown,
  replay: true,
});

/** A problem as a socket gets it. */
export const realtimeProblem = (problem: Problem): ProblemBody =>
  problemBody(problem, '/socket.io/', publicId('request', newId()));
