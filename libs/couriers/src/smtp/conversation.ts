import type { Conceal } from './verdict.js';

/** What is kept of one conversation: its end, if it is longer. */
const MAX_LINES = 100;
const MAX_LINE = 500;

interface Entry {
  readonly tnx?: string;
}

/**
 * The lines of one conversation, for the dead letter that it may lead to: `> RCPT TO:<…>`, `< 451 4.3.0 …`. Of a login
 * only that there was one, of a message only its size.
 */
export class Conversation {
  private kept: string[] = [];
  private isLoggingIn = false;

  constructor(private readonly conceal: Conceal) {}

  /** What nodemailer tells of its commands and the server's replies. */
  readonly logger = {
    trace: ignore,
    info: ignore,
    warn: ignore,
    error: ignore,
    fatal: ignore,
    level: ignore,
    debug: ({ tnx }: Entry, text: unknown): void => {
      if (tnx === 'client') this.client(String(text));
      else if (tnx === 'server') this.server(String(text));
    },
  };

  /** Forgets what was said about another message. */
  beginAnew(): void {
    this.kept = [];
  }

  client(line: string): void {
    const verb = /^AUTH \S+/i.exec(line)?.[0];
    this.isLoggingIn ||= verb !== undefined;
    this.keep(this.isLoggingIn ? `> ${verb === undefined ? '' : `${verb} `}***` : `> ${line}`);
  }

  /** Concealed and cut when it is asked for: nearly every conversation ends well, and nobody does. */
  get lines(): string[] {
    return this.kept.map((line) => this.conceal(line).slice(0, MAX_LINE));
  }

  private server(reply: string): void {
    if (!reply.startsWith('334')) this.isLoggingIn = false;
    for (const line of reply.split(/\r?\n/)) if (line !== '') this.keep(`< ${line}`);
  }

  private keep(line: string): void {
    this.kept.push(line);
    if (this.kept.length > MAX_LINES) this.kept.shift();
  }
}

function ignore(): void {
  // Only what was said counts.
}
