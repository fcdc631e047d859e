import type { SmtpCredentials, SmtpSecurity, SmtpSettings } from './smtp-settings.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const SECURITY: Readonly<Record<string, SmtpSecurity>> = {
  required: 'starttls',
  optional: 'starttls_optional',
  off: 'none',
};
const SHAPE = 'it looks like smtp(s)://user:password@host:port?tls=required|optional|off&verify=off&connections=20';
/** What most providers allow a customer. A server of one's own on this machine is asked as often as the sender can. */
const CONNECTIONS_ELSEWHERE = 20;
const MAX_CONNECTIONS = 1_000;

/**
 * Reads `smtp(s)://user:password@host:port?tls=required|optional|off&verify=off&connections=20`.
 * Throws an error that says what is wrong, and never shows any part of the URL: all of it may be a password typed in
 * the wrong place.
 */
export function parseSmtpUrl(
  url: string,
): Pick<SmtpSettings, 'host' | 'port' | 'security' | 'auth' | 'tls' | 'maxConnections'> {
  const parsed = read(url);
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (host === '') throw bad('has no host');
  if ((parsed.pathname !== '' && parsed.pathname !== '/') || parsed.hash !== '') {
    throw bad('has something behind host and port; write / # ? @ in a password as %2F %23 %3F %40');
  }
  const isImplicit = parsed.protocol === 'smtps:';
  const auth = credentials(parsed);
  return {
    host,
    port: parsed.port === '' ? (isImplicit ? 465 : 587) : Number(parsed.port),
    security: security(parsed, isImplicit, host),
    maxConnections: connections(parsed, host),
    ...(auth && { auth }),
    ...(isUnverified(parsed) && { tls: { rejectUnauthorized: false } }),
  };
}

function read(url: string): URL {
  // The error of URL carries its input: it must not travel on as a cause.
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'smtp:' && parsed?.protocol !== 'smtps:') throw bad('cannot be read');
  if ([...parsed.searchParams.keys()].some((key) => !['tls', 'verify', 'connections'].includes(key))) {
    throw bad('has an unknown parameter; there are tls, verify and connections');
  }
  return parsed;
}

function security(parsed: URL, isImplicit: boolean, host: string): SmtpSecurity {
  const wish = parsed.searchParams.get('tls');
  if (isImplicit) {
    if (wish !== null && wish !== 'required') throw bad('is smtps, so tls cannot be optional or off; use smtp');
    return 'tls';
  }
  if (wish === null) return LOOPBACK.has(host) ? 'starttls_optional' : 'starttls';
  const known = Object.hasOwn(SECURITY, wish) ? SECURITY[wish] : undefined;
  if (!known) throw bad('has a wrong tls; it is required, optional or off');
  return known;
}

function connections(parsed: URL, host: string): number {
  const wish = parsed.searchParams.get('connections');
  if (wish === null) return LOOPBACK.has(host) ? MAX_CONNECTIONS : CONNECTIONS_ELSEWHERE;
  const count = /^\d{1,4}$/.test(wish) ? Number(wish) : 0;
  if (count < 1 || count > MAX_CONNECTIONS) throw bad(`has a wrong connections; it is 1 to ${MAX_CONNECTIONS}`);
  return count;
}

function isUnverified(parsed: URL): boolean {
  const wish = parsed.searchParams.get('verify') ?? 'on';
  if (wish !== 'on' && wish !== 'off') throw bad('has a wrong verify; it is on or off');
  return wish === 'off';
}

function credentials({ username, password }: URL): SmtpCredentials | undefined {
  if (username === '' && password === '') return undefined;
  if (username === '') throw bad('has a password without a user');
  if (password === '') throw bad('has a user without a password');
  return { user: decoded(username, 'user'), password: decoded(password, 'password') };
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad(`has a % in its ${what} that begins no escape; write it as %25`);
  }
}

const bad = (what: string): Error => new Error(`The SMTP URL ${what}. (${SHAPE})`);
