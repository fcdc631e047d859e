import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the server does at a step: says a text, or something worse. */
export type Reaction = string | ((peer: Peer) => void);

export interface Peer {
  /** Exactly these bytes, without a line end of its own. */
  readonly raw: (text: string) => void;
  readonly say: (reply: string) => void;
  /** FIN. */
  readonly end: () => void;
  /** RST. */
  readonly reset: () => void;
  readonly pauseReading: () => void;
  readonly destroy: () => void;
  /** Which connection this is, from 1. */
  readonly connection: number;
}

/** `body`: every byte but the final dot has arrived, known by `endOfBody`. */
export type Step = 'greeting' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot' | 'rset';

export interface Script extends Partial<Record<Step, Reaction>> {
  readonly extensions?: readonly string[];
  /** The last bytes of the body that is going to be sent. */
  readonly endOfBody?: string;
}

const POLITE: Readonly<Record<Exclude<Step, 'ehlo'>, Reaction>> = {
  greeting: '220 scripted.test ESMTP',
  auth: '235 2.7.0 welcome',
  mail: '250 2.1.0 ok',
  rcpt: '250 2.1.5 ok',
  data: '354 go ahead',
  body: () => undefined,
  dot: '250 2.0.0 accepted',
  rset: '250 2.0.0 forgotten',
};

/** A real SMTP server on a real port that misbehaves by script, step by step. */
export class ScriptedServer {
  /** The bytes of every message that ended in a dot, as they came: still dot-stuffed, without the dot. */
  readonly messages: string[] = [];
  readonly commands: string[] = [];
  /** All bytes that came after 354, dots and all. */
  bodyBytes = '';
  connections = 0;
  openNow = 0;
  mostOpen = 0;
  private readonly sockets = new Set<Socket>();
  private readonly watchers = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    private readonly script: Script,
  ) {}

  static async start(script: Script = {}): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server, script);
    server.on('connection', (socket) => scripted.converse(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resolves when the fact holds; it is looked at whenever something happens here. */
  async waitFor(what: string, fact: (server: ScriptedServer) => boolean, withinMs = 5_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never happened: ${what}`)), withinMs);
      const look = (): void => {
        if (!fact(this)) return;
        clearTimeout(timer);
        this.watchers.delete(look);
        resolve();
      };
      this.watchers.add(look);
      look();
    });
  }

  closeConnections(): void {
    for (const socket of this.sockets) socket.end();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private converse(socket: Socket): void {
    this.connections += 1;
    this.openNow += 1;
    this.mostOpen = Math.max(this.mostOpen, this.openNow);
    this.sockets.add(socket);
    const peer: Peer = {
      raw: (text) => void socket.write(text, 'latin1'),
      say: (reply) => void socket.write(`${reply}\r\n`),
      end: () => void socket.end(),
      reset: () => void socket.resetAndDestroy(),
      pauseReading: () => void socket.pause(),
      destroy: () => void socket.destroy(),
      connection: this.connections,
    };
    let unread = '';
    let inBody = false;
    const isDataRefused = (): boolean => typeof this.script.data === 'string' && !this.script.data.startsWith('354');
    const read = (): void => {
      if (inBody) {
        const { endOfBody } = this.script;
        const dot = /(^|\r\n)\.\r\n/.exec(unread);
        if (!dot && endOfBody !== undefined && unread.endsWith(endOfBody)) this.react('body', peer);
        if (!dot) return;
        const end = dot.index + (dot[1]?.length ?? 0);
        this.messages.push(unread.slice(0, end));
        unread = unread.slice(dot.index + dot[0].length);
        inBody = false;
        this.react('dot', peer);
      }
      for (let end = unread.indexOf('\r\n'); end >= 0 && !inBody; end = unread.indexOf('\r\n')) {
        const command = unread.slice(0, end);
        unread = unread.slice(end + 2);
        inBody = this.obey(command, peer) && !isDataRefused();
      }
      if (inBody && unread !== '') read();
    };
    socket.on('data', (chunk) => {
      if (inBody) this.bodyBytes += chunk.toString('latin1');
      unread += chunk.toString('latin1');
      read();
      this.look();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.openNow -= 1;
      this.look();
    });
    this.react('greeting', peer);
  }

  /** True when a body follows. */
  private obey(command: string, peer: Peer): boolean {
    this.commands.push(command);
    const verb = command.slice(0, 4).toLowerCase();
    if (verb === 'quit') {
      peer.say('221 2.0.0 bye');
      peer.end();
    } else if (verb === 'ehlo') {
      this.react('ehlo', peer);
    } else if (verb === 'auth' || verb === 'mail' || verb === 'rcpt' || verb === 'data' || verb === 'rset') {
      this.react(verb, peer);
    } else {
      peer.say('502 5.5.2 not known');
    }
    return verb === 'data';
  }

  private react(step: Step, peer: Peer): void {
    const reaction = this.script[step] ?? (step === 'ehlo' ? this.welcome() : POLITE[step]);
    if (typeof reaction === 'string') peer.say(reaction);
    else reaction(peer);
  }

  private welcome(): string {
    const lines = ['scripted.test', ...(this.script.extensions ?? [])];
    return lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
  }

  private look(): void {
    for (const watcher of this.watchers) watcher();
  }
}
