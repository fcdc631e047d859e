import { PROBLEMS } from '#domain';
import type { GeneratedRequest } from './requests-of.js';

/** Sends what was made up, and refuses every answer that nobody may ever get. */
export class Rubbish {
  private readonly answered = new Map<number, number>();

  constructor(private readonly baseUrl: string) {}

  /** Throws for a 5xx, and for a refusal that is no problem of ours. */
  async send({ method, path, headers, body }: GeneratedRequest): Promise<void> {
    const content = body === undefined ? {} : { body };
    const answer = await fetch(`${this.baseUrl}${path}`, { method, headers, ...content, redirect: 'manual' });
    const text = await answer.text();
    this.answered.set(answer.status, (this.answered.get(answer.status) ?? 0) + 1);
    const told = `${method} ${path} ${body ?? ''} -> ${answer.status} ${text}`;
    if (answer.status >= 500) throw new Error(told);
    if (answer.status < 400) return;
    const { code } = JSON.parse(text) as { readonly code: string };
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
    if (!isProblem || !Object.hasOwn(PROBLEMS, code)) throw new Error(`no problem of ours: ${told}`);
  }

  /** How many of the answers had a status from `from` to before `to`; from 0 to 1. */
  share(from: number, to: number): number {
    const all = [...this.answered];
    const count = (some: typeof all) => some.reduce((sum, [, times]) => sum + times, 0);
    return count(all.filter(([status]) => status >= from && status < to)) / count(all);
  }
}
