import type { Command } from 'commander';
import { MailtideError } from '#client';
import type { Cli } from '../cli.js';
import { EXIT } from '../exit-codes.js';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

const PATIENCE_MS = 5_000;
const CLOCK_MS = 2_000;

/** `mailtide doctor`: whether everything that a caller needs is well, and what to do where it is not. */
export function addDoctor(program: Command, { mail, out, settings }: Cli): void {
  program
    .command('doctor')
    .description('check the API, the gateway, the key and the clocks')
    .action(async () => {
      const { url, gatewayUrl } = settings();
      const findings = [
        await checkReady('API', url, 'Is it running (`npm start`)? Else give --url or MAILTIDE_URL.'),
        await checkReady(
          'gateway',
          gatewayUrl,
          'Live updates need it. Is it running? Else give --gateway-url or MAILTIDE_GATEWAY_URL.',
        ),
        await checkKey(async () => mail().me()),
        await checkQueue(async () => mail().queue()),
        await checkClock(url),
      ];
      const columns = {
        check: ({ check }: Finding) => check,
        is: ({ ok }: Finding) => (ok ? 'ok' : 'NOT OK'),
        detail: ({ detail }: Finding) => detail,
      };
      out.rows(findings, columns, '');
      if (findings.some(({ ok }) => !ok)) process.exitCode = EXIT.refused;
    });
}

async function checkReady(check: string, url: string, remedy: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { checks = {} } = (await response.json()) as { readonly checks?: Readonly<Record<string, string>> };
    const down = Object.entries(checks).filter(([, state]) => state !== 'up');
    if (response.ok) return { check, ok: true, detail: `${url} is ready` };
    return {
      check,
      ok: false,
      detail: `${url} is not ready: ${down.map(([name]) => name).join(', ') || 'it is stopping'}`,
    };
  } catch {
    return { check, ok: false, detail: `${url} does not answer. ${remedy}` };
  }
}

async function checkKey(
  me: () => Promise<{ readonly tenant: string; readonly mode: string; readonly scopes: readonly string[] }>,
): Promise<Finding> {
  try {
    const { tenant, mode, scopes } = await me();
    return { check: 'key', ok: true, detail: `tenant ${tenant}, ${mode} mode, scopes ${scopes.join(' ')}` };
  } catch (error) {
    const detail = error instanceof MailtideError ? error.message : 'there was no answer';
    return { check: 'key', ok: false, detail: `${detail} Give --key or MAILTIDE_KEY.` };
  }
}

async function checkQueue(
  queue: () => Promise<{ readonly due: number; readonly oldestDueAgeSeconds: number | null }>,
): Promise<Finding> {
  try {
    const { due, oldestDueAgeSeconds } = await queue();
    const age = oldestDueAgeSeconds ?? 0;
    const ok = age <= 60;
    const detail = due === 0 ? 'nothing is overdue' : `${due} due, the oldest for ${Math.round(age)} s`;
    return { check: 'queue', ok, detail: ok ? detail : `${detail}: are pollers and senders running?` };
  } catch (error) {
    return {
      check: 'queue',
      ok: false,
      detail: error instanceof MailtideError ? error.message : 'there was no answer',
    };
  }
}

async function checkClock(url: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return { check: 'clock', ok: true, detail: 'the server does not say what time it is' };
    const aheadMs = Date.now() - theirs - 500; // its header has whole seconds
    const ok = Math.abs(aheadMs) <= CLOCK_MS;
    return {
      check: 'clock',
      ok,
      detail: `this machine is ${Math.round(aheadMs / 100) / 10} s ${aheadMs < 0 ? 'behind' : 'ahead of'} the server`,
    };
  } catch {
    return { check: 'clock', ok: false, detail: 'the server did not answer' };
  }
}
