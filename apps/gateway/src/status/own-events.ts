import { publicId } from '#domain';
import { newId } from '#storage';
import { liveCursor } from './live-cursor.js';
import type { LiveEvent } from './live-event.js';
import type { SayWhatWasSkipped } from './pace/skipped.js';
import type { SettledPosition } from './settled-position.js';
import { version } from './version.js';

/** Events that the gateway makes itself: they are about the connection, and no replay has them. */
export class OwnEvents {
  constructor(private readonly position: SettledPosition) {}

  /** The first thing that a socket hears. */
  version(): LiveEvent {
    return ownEvent('server.version', null, liveCursor(this.position.current()), { version });
  }

  readonly skipped: SayWhatWasSkipped = ({ topic, count, from, to }) =>
    ownEvent('events.skipped', topic, to, { count, from, to });
}

const ownEvent = (type: string, topic: string | null, cursor: string, data: object): LiveEvent => ({
  id: publicId('event', newId()),
  type,
  topic,
  cursor,
  time: new Date().toISOString(),
  data,
  replay: false,
});
