import { hasScope, Problem, type ProblemBody, type QueueStats } from '#http';
import { type Database, findMissed, readPosition } from '#storage';
import type { Logger } from '#telemetry';
import { knownProgress } from './known-progress.js';
import { liveCursor, parseLiveCursor } from './live-cursor.js';
import type { Bearer, Listener } from './listener.js';
import { type Missed, replay } from './replay.js';
import { roomName, type Rooms, type Subscription } from './rooms.js';
import { readTopic, type Snapshot, type TopicNow } from './snapshot.js';
import { parseTopic, scopeOf, type StatusTopic } from './topic.js';

/** The answer to `subscribe` (interface 4). */
export interface Subscribed {
  readonly ok: true;
  readonly topic: string;
  readonly cursor: string;
  /** null: what was missed is replayed instead. */
  readonly snapshot: Snapshot | null;
  readonly replayed: number;
  readonly gap: boolean;
}
export type SubscribeAck = Subscribed | { readonly ok: false; readonly topic: string; readonly problem: ProblemBody };

/** A topic that is about to be listened to. */
interface Entered {
  readonly name: string;
  readonly topic: StatusTopic;
  /** undefined: it is listened to already. */
  readonly subscription: Subscription | undefined;
}

interface Read extends Entered {
  readonly now: TopicNow;
  /** undefined: nothing is replayed, the snapshot tells all. */
  readonly missed: readonly Missed[] | undefined;
}

const MAX_TOPICS = 50;
const MAX_REPLAYED = 10_000;
/** A tenant's history is read from all tenants' events: further back than this many transactions it is not looked for. */
const MAX_TRANSACTIONS = 1_000_000n;
const WIDE: readonly StatusTopic['kind'][] = ['tenant', 'owner', 'campaign', 'dead-letters'];

export interface SubscribeParts {
  readonly db: Database;
  readonly queueStats: QueueStats;
  readonly rooms: Rooms;
  readonly log: Logger;
}

/**
 * Subscriptions: first keep what happens, then read how things are, then answer, then replay, then pass on what was kept.
 * So nothing falls between snapshot and events; some may come twice, and clients drop known ids.
 */
export class Subscribe {
  constructor(private readonly parts: SubscribeParts) {}

  /**
   * Lets a listener listen to topics, all or none. Throws problems before `answer` is called: `not_found`, `scope_missing`,
   * `bad_cursor`, `validation_failed`, `unavailable`. What breaks after it cuts the listener off, who comes back.
   */
  run(
    listener: Listener,
    names: readonly string[],
    since: string | undefined,
    answer: (acks: readonly Subscribed[]) => void,
  ): Promise<void> {
    return listener.inTurn(async () => {
      const position = positionOf(since);
      const topics = names.map((name) => ({ name, topic: topicFor(listener.bearer, name) }));
      checkPlaces(listener, names);
      if (!(await listener.ready())) return;
      const entered = topics.map(({ name, topic }) => ({ name, topic, subscription: this.enter(listener, name) }));
      try {
        await this.tell(listener, entered, position, answer);
      } catch (error) {
        for (const { name, subscription } of entered) if (subscription) leave(listener, name);
        if (!(error instanceof Problem)) this.parts.log.error({ err: error }, 'a subscription failed');
        throw error instanceof Problem ? error : new Problem('unavailable', 'It cannot be read now. Try again.');
      }
    });
  }

  private enter(listener: Listener, name: string): Subscription | undefined {
    if (listener.topics.has(name)) return undefined;
    const room = roomName(listener.bearer.caller, name);
    const subscription = this.parts.rooms.enter(room, listener);
    listener.topics.set(name, () => this.parts.rooms.leave(room, subscription));
    return subscription;
  }

  private async tell(
    listener: Listener,
    entered: readonly Entered[],
    since: string | undefined,
    answer: (acks: readonly Subscribed[]) => void,
  ): Promise<void> {
    const { position, horizon } = await readPosition(this.parts.db);
    const all: Read[] = [];
    for (const each of entered) all.push(await this.read(listener, each, since, horizon));
    const missed = all.flatMap((each) => each.missed ?? []);
    if (listener.isGone) return;
    // Until all of it has come, a client that is cut off begins again where it was.
    const cursor = liveCursor(missed.length > 0 && since !== undefined ? since : position);
    answer(all.map((each) => ackOf(each, cursor, since !== undefined)));
    try {
      await this.catchUp(listener, all, missed, position);
    } catch (error) {
      this.parts.log.warn({ err: error }, 'a replay broke off');
      listener.cut();
    }
  }

  private async catchUp(
    listener: Listener,
    all: readonly Read[],
    missed: readonly Missed[],
    position: string,
  ): Promise<void> {
    const subscriptions = new Map(all.map(({ name, subscription }) => [name, subscription]));
    const isThere = await replay(this.parts.db, listener, missed, position, (event) =>
      subscriptions.get(event.topic ?? '')?.forget(event),
    );
    if (!isThere) return;
    for (const { subscription, now, missed: replayed } of all) {
      subscription?.open(replayed ? undefined : knownProgress(now.jobs));
    }
  }

  private async read(listener: Listener, each: Entered, since: string | undefined, horizon: string): Promise<Read> {
    const { caller } = listener.bearer;
    const now = await readTopic(this.parts, caller, each.topic);
    if (!now) throw noTopic(each.name);
    const missed = since === undefined ? undefined : await this.missed(listener, each.name, now, since, horizon);
    return { ...each, now, missed };
  }

  /** undefined: too much, or too long ago, or of another history than this one. */
  private async missed(
    { bearer: { caller } }: Listener,
    topic: string,
    { eventsOf }: TopicNow,
    since: string,
    horizon: string,
  ): Promise<readonly Missed[] | undefined> {
    const age = BigInt(horizon) - BigInt(since);
    if (age < 0n || (WIDE.includes(eventsOf.kind) && age > MAX_TRANSACTIONS)) return undefined;
    const events = await findMissed(this.parts.db.of(caller.tenantId), caller, eventsOf, since, MAX_REPLAYED);
    return events.length > MAX_REPLAYED ? undefined : events.map((event) => ({ ...event, topic }));
  }
}

/** Ends a subscription, whether it is open or on its way. */
export function leave(listener: Listener, name: string): void {
  listener.topics.get(name)?.();
  listener.topics.delete(name);
}

const ackOf = ({ name, now, missed }: Read, cursor: string, isAgain: boolean): Subscribed => ({
  ok: true,
  topic: name,
  cursor,
  snapshot: missed ? null : now.snapshot,
  replayed: missed?.length ?? 0,
  gap: isAgain && !missed,
});

function positionOf(since: string | undefined): string | undefined {
  const position = since === undefined ? undefined : parseLiveCursor(since);
  if (since !== undefined && position === undefined)
    throw new Problem('bad_cursor', 'The cursor is not readable. Use it as it came, or subscribe without since.');
  return position;
}

function topicFor({ caller, topics }: Bearer, name: string): StatusTopic {
  const topic = parseTopic(name);
  if (!topic) throw noTopic(name);
  const needed = scopeOf(topic);
  if (!hasScope(caller.scopes, needed))
    throw new Problem('scope_missing', `To listen to "${name}" needs a key with the scope ${needed}.`);
  if (topics && !topics.includes('*') && !topics.includes(name))
    throw new Problem('scope_missing', `The ticket is not for "${name}". Get one that names it.`);
  return topic;
}

const noTopic = (name: string): Problem =>
  new Problem('not_found', `There is no topic "${name.slice(0, 120)}" for you.`);

function checkPlaces({ topics }: Listener, names: readonly string[]): void {
  const added = names.filter((name) => !topics.has(name)).length;
  if (topics.size + added <= MAX_TOPICS) return;
  const detail = `A socket has at most ${MAX_TOPICS} topics. Unsubscribe from one, or open another socket.`;
  throw new Problem('validation_failed', detail, { errors: [{ pointer: '/topic', code: 'too_many', detail }] });
}
