/** How a courier reaches one SMTP server. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly security: SmtpSecurity;
  readonly auth?: SmtpCredentials;
  readonly tls?: SmtpTls;
  /** Sessions open at once; further attempts wait their turn. */
  readonly maxConnections: number;
  /** What we call ourselves in EHLO. */
  readonly name: string;
  readonly timeouts?: Partial<SmtpTimeouts>;
}

/**
 * `none`: never encrypted. `starttls`: encrypted or not at all. `starttls_optional`: encrypted if the server offers it,
 * without asking for its certificate, since who could forge that could as well take the offer away (RFC 7435).
 * `tls`: encrypted from the first byte.
 */
export type SmtpSecurity = 'none' | 'starttls' | 'starttls_optional' | 'tls';

export interface SmtpCredentials {
  readonly user: string;
  readonly password: string;
}

export interface SmtpTls {
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
  /** PEM of the authority that signed the server's certificate, instead of the well-known ones. */
  readonly ca?: string;
}

/** Milliseconds of silence we bear, by what we wait for (RFC 5321 4.5.3.2). */
export interface SmtpTimeouts {
  /** Name, TCP and, with `tls`, the handshake. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** The answer to any command, or the next piece of the body taken. */
  readonly commandMs: number;
  /** The reply to the final dot. Servers do their slow work before it; giving up early makes duplicates. */
  readonly replyMs: number;
}

export const DEFAULT_TIMEOUTS: SmtpTimeouts = {
  connectMs: 30_000,
  greetingMs: 300_000,
  commandMs: 300_000,
  replyMs: 600_000,
};
