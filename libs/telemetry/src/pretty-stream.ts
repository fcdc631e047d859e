/** Fields that every line has, or that stand elsewhere in the pretty one. */
const SHOWN = new Set(['level', 'time', 'app', 'msg', 'err', 'context']);

/** Turns JSON lines of pino into lines for people: `09:00:00.123 warn sender claims were lost deliveries=3`. */
export const prettyStream = (out: { write: (text: string) => unknown }) => ({
  write(line: string): void {
    const entry = JSON.parse(line) as Record<string, unknown>;
    const rest = Object.entries(entry).filter(([name]) => !SHOWN.has(name));
    const details = rest.map(([name, value]) => ` ${name}=${show(value)}`).join('');
    const error = entry['err'] as { message?: string; stack?: string } | undefined;
    const level = String(entry['level']);
    const trace = error && (level === 'error' || level === 'fatal') ? `\n${error.stack ?? error.message ?? ''}` : '';
    const why = error && !trace ? `: ${error.message ?? ''}` : '';
    const words = `${String(entry['app'])} ${String(entry['msg'])}${why}${details}`;
    out.write(`${String(entry['time']).slice(11, 23)} ${level.padEnd(5)} ${onOneLine(words)}${trace}\n`);
  },
});

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a stranger wrote must not look like lines of ours, nor speak to the terminal. */
const onOneLine = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (control) => `\\x${(control.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`);
