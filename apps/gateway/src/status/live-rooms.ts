import type { Facts } from '#telemetry';
import type { LiveEvent } from './live-event.js';
import type { LiveServer } from './live-socket.js';
import { isOwners, type LiveRooms } from './rooms.js';

/** The rooms of this process's socket.io server. An event is written once per room, however many sockets are in it. */
export class LiveRoomsOf implements LiveRooms {
  private server: LiveServer | undefined;
  private readonly owners = new Set<string>();

  constructor(private readonly facts: Facts) {}

  attach(server: LiveServer): void {
    this.server = server;
    const { adapter } = server.sockets;
    adapter.on('create-room', (room: string) => isOwners(room) && this.owners.add(room));
    adapter.on('delete-room', (room: string) => this.owners.delete(room));
  }

  get hasOwners(): boolean {
    return this.owners.size > 0;
  }

  has(room: string): boolean {
    return this.server?.sockets.adapter.rooms.has(room) ?? false;
  }

  emit(room: string, event: LiveEvent): void {
    if (!this.server) return;
    this.facts.eventsEmitted(this.server.sockets.adapter.rooms.get(room)?.size ?? 0);
    this.server.to(room).emit(event.type, event);
  }

  get sockets() {
    return this.server?.sockets.sockets.values() ?? [];
  }

  /** Sends everybody away; clients come back by themselves, to another replica. */
  close(): void {
    this.server?.disconnectSockets(true);
  }
}
