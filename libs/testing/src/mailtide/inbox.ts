import type { Api } from './api.js';

/** A message as the sandbox's inbox shows it. */
export interface InboxMessage {
  readonly id: string;
  readonly deliveryId: string | null;
  readonly emailId: string | null;
  readonly to: string;
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  /** RFC 3339, by the clock of the database. */
  readonly receivedAt: string;
}

/** The sandbox's inbox, read through its API. */
export class Inbox {
  constructor(private readonly gateway: Api) {}

  /** Waits until there are so many messages; answers those that are there, newest first. */
  async wait(filter: Readonly<Record<string, string>>, count = 1, timeoutSeconds = 30): Promise<InboxMessage[]> {
    const query = new URLSearchParams({ ...filter, count: String(count), timeoutSeconds: String(timeoutSeconds) });
    const answer = await this.gateway.get<{ data: InboxMessage[] }>(`/v1/sandbox/wait?${query.toString()}`);
    return answer.body.data;
  }

  async messages(filter: Readonly<Record<string, string>> = {}): Promise<InboxMessage[]> {
    const all: InboxMessage[] = [];
    let after: string | null = null;
    do {
      const query = new URLSearchParams({ ...filter, limit: '100', ...(after !== null && { after }) });
      const page = await this.gateway.get<{ data: InboxMessage[]; nextCursor: string | null }>(
        `/v1/sandbox/messages?${query.toString()}`,
      );
      all.push(...page.body.data);
      after = page.body.nextCursor;
    } while (after !== null);
    return all;
  }

  async stats(): Promise<{
    accepted: number;
    refused: number;
    dropped: number;
    distinctDeliveries: number;
    duplicates: number;
  }> {
    const answer = await this.gateway.get<Awaited<ReturnType<Inbox['stats']>>>('/v1/sandbox/stats');
    return answer.body;
  }
}
