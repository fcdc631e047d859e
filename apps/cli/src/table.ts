/** Rows as columns under their names, as wide as they need to be; the last one is cut where the screen ends. */
export function table<Row>(
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => unknown>>,
  screen = 120,
): string {
  const names = Object.keys(columns);
  const cells = rows.map((row) => Object.values(columns).map((read) => text(read(row))));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const line = (parts: readonly string[]) =>
    parts
      .map((part, i) => part.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
      .slice(0, screen);
  return [line(names.map((name) => name.toUpperCase())), ...cells.map(line)].join('\n');
}

/** Whatever a cell holds, on one line and without anything that moves a terminal's cursor. */
const text = (value: unknown): string =>
  (value === null || value === undefined ? '-' : String(value)).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
