import { setImmediate } from 'node:timers/promises';
import {
  type EmailId,
  isOfLine,
  type LineState,
  type Mode,
  nextOpening,
  paceMs,
  type Pacing,
  parseAddress,
  type Plan,
  planSteps,
  PROVIDERS,
  RECIPIENT,
  type SendWindows,
  type TenantId,
} from '#domain';
import type { Database } from '#storage';
import { readGauges } from './gauges.js';

/** A campaign as its line is planned. */
export interface PlannedLine {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  /** '': it is not stored. */
  readonly emailId: EmailId | '';
  readonly sender: string;
  readonly pacing: Pacing;
  readonly pacedMs: number | null;
  /** The tenant's and its own. */
  readonly windows: readonly SendWindows[];
  readonly timeZone: string;
  readonly reserve: number;
  readonly nowMs: number;
  readonly startMs: number;
  /** How many, or the instants before which each may not be sent, ascending. */
  readonly recipients: number | ArrayLike<number>;
  readonly items: number;
}

/** When the copies of a campaign go, by the planner that runs: with what was used of its limits, in its windows, at its pace. */
export async function planLine(db: Database, line: PlannedLine): Promise<Plan> {
  const { startMs, nowMs, recipients, items } = line;
  const state = await stateOf(db, line);
  const steps = planSteps({ ...state, startMs: Math.max(startMs, nowMs), recipients, items });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await setImmediate(); // a million turns take seconds: others are served in between
  }
}

async function stateOf(db: Database, line: PlannedLine): Promise<LineState> {
  const { tenantId, mode, emailId, sender, pacing, pacedMs, timeZone, reserve, nowMs } = line;
  const copy = {
    mode,
    emailId: emailId as EmailId,
    providerId: PROVIDERS[mode],
    sender: addressIn(sender),
    address: '',
    recipientKey: '',
  };
  const [gauges = []] = await readGauges(db, tenantId, [{ copy, lane: 'bulk', reserve, pacing }], nowMs);
  const windows = line.windows.map(ofLine);
  return {
    everyMs: paceMs(pacing),
    pacedMs,
    nextOpening: (ms) => nextOpening(ms, windows, timeZone) ?? ms,
    gauges: gauges.filter(({ scope }) => isOfLine(scope, false)),
  };
}

/** Windows of the recipients' own zones move each copy, not the line. */
const ofLine = (windows: SendWindows): SendWindows =>
  windows.some(({ timeZone }) => timeZone === RECIPIENT) ? [] : windows;

export function addressIn(mailbox: string): string {
  const parsed = parseAddress(mailbox);
  return parsed.kind === 'ok' ? parsed.mailbox.address : mailbox;
}
