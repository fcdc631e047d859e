import { stripVTControlCharacters } from 'node:util';

/** Rows as columns under their names, as wide as they need to be; what the screen has no room for is cut off. */
export function table<Row>(
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => unknown>>,
  screen = 120,
): string {
  const names = Object.keys(columns);
  const cells = rows.map((row) => Object.values(columns).map((read) => cell(read(row))));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const line = (parts: readonly string[]) =>
    parts
      .map((part, i) => part.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
      .slice(0, screen);
  return [line(names.map((name) => name.toUpperCase())), ...cells.map(line)].join('\n');
}

const cell = (value: unknown): string => {
  if (typeof value === 'string') return plain(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '-';
};

/** Text on one line, without anything that moves a terminal's cursor: subjects and replies come from strangers. */
export const plain = (text: string): string => stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ');
