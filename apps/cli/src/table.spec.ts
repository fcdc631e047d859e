import { describe, expect, it } from '@jest/globals';
import { table } from './table.js';

describe('a table', () => {
  const columns = {
    id: (row: { id: string; to: unknown }) => row.id,
    to: (row: { id: string; to: unknown }) => row.to,
  };

  it('has a column for each name, as wide as it needs', () => {
    expect(
      table(
        [
          { id: 'em_1', to: 'ada@example.com' },
          { id: 'em_22', to: null },
        ],
        columns,
      ),
    ).toBe('ID     TO\nem_1   ada@example.com\nem_22  -');
  });

  it('ends where the screen does', () => {
    expect(table([{ id: 'em_1', to: 'x'.repeat(100) }], columns, 20).split('\n')[1]).toHaveLength(20);
  });

  it('lets nothing through that moves the cursor', () => {
    expect(table([{ id: '\u001b[2Jx', to: 'a\r\nb' }], columns)).toBe('ID  TO\nx   a  b');
  });
});
