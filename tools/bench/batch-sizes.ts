/** Mean sizes of the sender's batches, as its own metrics tell. */
export interface BatchSizes {
  readonly arm: number;
  readonly settle: number;
}

export type Histograms = Readonly<Record<'arm' | 'settle', { readonly sum: number; readonly count: number }>>;

/** Reads the sums and counts from /metrics, which this machine may read without a token. */
export async function readHistograms(port: number): Promise<Histograms> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await answer.text();
  const value = (name: string) => Number(new RegExp(`^mailtide_${name}\\{.*\\} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  const of = (name: string) => ({ sum: value(`${name}_sum`), count: value(`${name}_count`) });
  return { arm: of('arm_batch_deliveries'), settle: of('settle_batch_deliveries') };
}

export function meanSizes(before: Histograms, after: Histograms): BatchSizes {
  const mean = (name: 'arm' | 'settle') =>
    (after[name].sum - before[name].sum) / (after[name].count - before[name].count);
  return { arm: mean('arm'), settle: mean('settle') };
}
