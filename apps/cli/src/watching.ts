import type { Cli } from './cli.js';
import { TimedOut } from './exit-codes.js';

interface Watching<State> {
  /** What is watched, as its id. */
  readonly id: string;
  readonly states: (signal: AbortSignal | undefined) => AsyncGenerator<State, void>;
  readonly lineOf: (state: State) => string;
  /** undefined: for as long as it takes. */
  readonly timeoutSeconds?: number | undefined;
}

/** Shows a thing until it has come to its end. Throws TimedOut. */
export async function showStates<State>(
  { out }: Pick<Cli, 'out'>,
  { id, states, lineOf, timeoutSeconds }: Watching<State>,
): Promise<void> {
  const signal = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1_000);
  for await (const state of states(signal)) out.state(state, () => lineOf(state));
  out.lastState();
  if (signal?.aborted) throw new TimedOut(`${id} has not come to its end within ${timeoutSeconds} s.`);
}
