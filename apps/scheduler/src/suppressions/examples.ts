/** Bodies to begin with; a spec sends each to its route. */
export const SUPPRESSION_EXAMPLES = {
  address: { summary: 'Write to it no more', value: { address: 'bob@example.com', reason: 'asked us to' } },
  bulk: { summary: 'Transactional mail passes', value: { address: 'eve@example.com', scope: 'bulk' } },
};

export const CHECK_EXAMPLES = {
  one: { summary: 'One address', value: { addresses: ['bob@example.com'] } },
  several: { summary: 'Several at once', value: { addresses: ['bob@example.com', 'Eve <eve@example.com>'] } },
};
