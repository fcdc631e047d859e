/** One thing that the sandbox does to a message, because its recipient's name asks for it. */
export type ScriptStep =
  | { readonly kind: 'bounce' }
  | { readonly kind: 'soft'; readonly attempts: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'drop'; readonly keep: boolean };

/** What a recipient like `ada+slow.5s+soft@any` asks for, in its order. */
export interface Script {
  readonly steps: readonly ScriptStep[];
  /** The parts that were understood, as written: `slow.5s+soft`; null: there are none. */
  readonly text: string | null;
}

/** Reads the script in an address. What is not a script is an ordinary tag (`ada+news@any`) and asks for nothing. */
export function parseScript(address: string): Script {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@')));
  const parts = local
    .toLowerCase()
    .split('+')
    .slice(1)
    .flatMap((text) => {
      const step = parseStep(text);
      return step ? [{ text, step }] : [];
    });
  return {
    steps: parts.map(({ step }) => step),
    text: parts.length > 0 ? parts.map(({ text }) => text).join('+') : null,
  };
}

function parseStep(text: string): ScriptStep | undefined {
  if (text === 'bounce') return { kind: 'bounce' };
  if (text === 'drop-after-data') return { kind: 'drop', keep: true };
  if (text === 'drop-after-data.lost') return { kind: 'drop', keep: false };
  const soft = /^soft(?:\.([1-9]\d{0,3}))?$/.exec(text);
  if (soft) return { kind: 'soft', attempts: Number(soft[1] ?? 1) };
  const slow = /^slow\.(\d{1,7})([smhd])$/.exec(text);
  if (slow) return { kind: 'slow', delayMs: duration(Number(slow[1]), slow[2] ?? 's') };
  return undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A timer cannot wait for longer. */
const LONGEST_MS = 2 ** 31 - 1;

const duration = (count: number, unit: string): number => Math.min(count * (UNIT_MS[unit] ?? 0), LONGEST_MS);
