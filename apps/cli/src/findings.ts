import { type Mailtide, MailtideError } from '#client';

/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  /** What was seen, and what to do where it is not well. */
  readonly detail: string;
}

type Verdict = Omit<Finding, 'check'>;

/** Everything that a caller needs, looked at from here. */
export async function findings(mail: Mailtide): Promise<Finding[]> {
  const { url, gatewayUrl } = mail;
  const checks: Record<string, Promise<Verdict>> = {
    API: readiness(url, 'Is it running (`npm start`)? Else give --url or MAILTIDE_URL.'),
    gateway: readiness(
      gatewayUrl,
      'Live updates need it. Is it running? Else give --gateway-url or MAILTIDE_GATEWAY_URL.',
    ),
    key: keyOf(mail).catch(unread),
    queue: queueOf(mail).catch(unread),
    clock: clockAt(url),
  };
  return Promise.all(Object.entries(checks).map(async ([check, verdict]) => ({ check, ...(await verdict) })));
}

const PATIENCE_MS = 5_000;

async function readiness(url: string, remedy: string): Promise<Verdict> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { checks = {} } = (await response.json()) as { readonly checks?: Readonly<Record<string, string>> };
    if (response.ok) return { ok: true, detail: `${url} is ready` };
    const down = Object.entries(checks).flatMap(([name, state]) => (state === 'up' ? [] : [name]));
    return { ok: false, detail: `${url} is not ready: ${down.join(', ') || 'it is starting or stopping'}` };
  } catch {
    return { ok: false, detail: `${url} does not answer as Mailtide does. ${remedy}` };
  }
}

async function keyOf(mail: Mailtide): Promise<Verdict> {
  const { tenant, mode, scopes } = await mail.me();
  return { ok: true, detail: `tenant ${tenant}, ${mode} mode, scopes ${scopes.join(' ')}` };
}

const LONG_SECONDS = 60;

async function queueOf(mail: Mailtide): Promise<Verdict> {
  const { due, oldestDueAgeSeconds } = await mail.queue();
  const age = Math.round(oldestDueAgeSeconds ?? 0);
  const detail = due === 0 ? 'nothing is overdue' : `${due} due, the oldest for ${age} s`;
  return age <= LONG_SECONDS
    ? { ok: true, detail }
    : {
        ok: false,
        detail: `${detail}. Are pollers and senders running? \`mailtide explain\` says what one waits for.`,
      };
}

function unread(error: unknown): Verdict {
  if (!(error instanceof MailtideError)) throw error;
  const remedy = error.code === 'unauthorized' ? ' Give --key or MAILTIDE_KEY.' : '';
  return { ok: false, detail: `${error.message}${remedy}` };
}

const FAR_SECONDS = 2;

/** Times that are meant here are understood there. */
async function clockAt(url: string): Promise<Verdict> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return { ok: true, detail: 'the server does not say what time it is' };
    const ahead = Math.round((Date.now() - theirs - 500) / 1_000); // its header has whole seconds
    const direction = ahead < 0 ? 'behind' : 'ahead of';
    const detail =
      ahead === 0 ? 'agrees with the server’s' : `this machine is ${Math.abs(ahead)} s ${direction} the server`;
    return { ok: Math.abs(ahead) <= FAR_SECONDS, detail };
  } catch {
    return { ok: false, detail: 'the server did not say what time it is' };
  }
}
