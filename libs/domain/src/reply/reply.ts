/** One whole SMTP reply (RFC 5321 4.2) with its enhanced status code (RFC 3463), if the server gave one. */
export interface Reply {
  readonly code: number;
  readonly enhanced: string | null;
  /** The text behind the code, lines joined by a space, cut to 512 characters. */
  readonly text: string;
}
