import { Api, type ApiAnswer, eventually } from '#testing';

/** Words that belong to one world, by where they were planted. */
export interface Canaries {
  readonly subject: string;
  readonly body: string;
  readonly address: string;
  readonly tag: string;
  readonly owner: string;
}

/** One answer, with what was said to get it. */
export interface Heard {
  readonly asked: string;
  readonly said: string;
}

const ID = /\b[a-z]{2,3}_[0-9a-hjkmnp-tv-z]{26}\b/g;

/** One tenant in one mode: its key, its words, and all that it was ever told. */
export class World {
  readonly canaries: Canaries;
  readonly heard: Heard[] = [];
  private readonly known = new Set<string>();

  constructor(
    readonly name: string,
    readonly key: string,
    private readonly apiUrl: string,
    private readonly gatewayUrl: string,
  ) {
    const word = (place: string) => `canary-${name}-${place}`;
    const [subject, body, tag, owner] = ['subject', 'body', 'tag', 'owner'].map(word) as [
      string,
      string,
      string,
      string,
    ];
    this.canaries = { subject, body, tag, owner, address: `${word('address')}@${name}.test` };
  }

  /** The ids that it has come to know, one of each kind. */
  get ids(): string[] {
    return [...new Map([...this.known].map((id) => [id.replace(/_.*/, ''), id])).values()];
  }

  async call<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer<Body>> {
    const isGateway = /^\/v1\/(sandbox|stream)/.test(path);
    const api = new Api(isGateway ? this.gatewayUrl : this.apiUrl, { authorization: `Bearer ${this.key}` });
    const answer = await api.call<Body>(method, path, body, headers);
    const head = [...answer.headers].map((pair) => pair.join(': ')).join('\n');
    this.listen(`${method} ${path} ${JSON.stringify(body ?? null)}`, `${head}\n${answer.text}`);
    return answer;
  }

  /** Takes note of what it was told on another way: sockets, streams. */
  listen(asked: string, said: string): void {
    this.heard.push({ asked: decodeURIComponent(asked), said });
  }

  /** Learns the ids of an answer as its own. */
  private learn({ text }: { readonly text: string }): void {
    for (const id of text.match(ID) ?? []) if (!/^(req|evt|prv)_/.test(id)) this.known.add(id);
  }

  /** Plants its words wherever somebody can write, and learns the ids of what came of it. */
  async plant(): Promise<void> {
    const later = { scheduledAt: new Date(Date.now() + 30 * 86_400_000).toISOString() };
    const { address } = this.canaries;
    await this.send(address);
    await this.send(`bounce-${address}`);
    const waiting = await this.make('POST', '/v1/emails', this.wish(address, later));
    await this.make('POST', '/v1/emails/batch', { emails: [this.wish(address, later)] });
    const { to: recipients, ...content } = this.wish(address, later);
    await this.make('POST', '/v1/campaigns', { ...content, recipients: [recipients] });
    await this.make('POST', '/v1/suppressions', { address: `blocked-${address}` });
    for (const path of [
      '/v1/emails',
      '/v1/jobs',
      '/v1/campaigns',
      '/v1/suppressions',
      '/v1/dead-letters',
      '/v1/sandbox/messages',
    ]) {
      const answer = await this.call('GET', `${path}?limit=100`);
      if (answer.status === 200) this.learn(answer);
    }
    this.learn(await this.call('GET', `/v1/emails/${waiting}`));
  }

  /** Sends an email, and waits until it has gone or failed. */
  async send(to: string): Promise<void> {
    const id = await this.make('POST', '/v1/emails', this.wish(to));
    await eventually(async () => {
      const { body } = await this.call<{ status: string }>('GET', `/v1/emails/${id}`);
      if (!/^(sent|failed)$/.test(body.status)) throw new Error(`${this.name}: ${id} is ${body.status}`);
    }, 30_000);
  }

  private wish(to: string, more: object = {}) {
    const { subject, body, tag, owner } = this.canaries;
    const from = `Sender <sender@${this.name}.test>`;
    return { from, to, subject, text: body, tags: { word: tag }, ownerId: owner, ...more };
  }

  private async make(method: string, path: string, body: unknown): Promise<string> {
    const answer = await this.call<{ readonly id?: string }>(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    this.learn(answer);
    return answer.body.id ?? '';
  }
}
