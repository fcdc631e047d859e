import type { Gate } from '../courier.js';

export interface WatchedGate extends Gate {
  asked: number;
}

/** A gate that always gives this answer, and counts how often it was asked. */
export function gateThat(
  answer: 'armed' | 'refused' | 'expired' | (() => ReturnType<Gate['arm']>) = 'armed',
): WatchedGate {
  const gate: WatchedGate = {
    asked: 0,
    arm: async () => {
      gate.asked += 1;
      return typeof answer === 'string' ? answer : await answer();
    },
  };
  return gate;
}
