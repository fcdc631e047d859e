/** Load tests to begin with; a spec sends them through their schema. */
export const LOAD_TEST_EXAMPLES = {
  plain: { summary: '5,000 emails as fast as they go', value: { count: 5000 } },
  failing: {
    summary: 'Some fail, at most 100 a second',
    value: { count: 1000, ratePerSecond: 100, failures: { temporary: 0.05, permanent: 0.01 }, seed: 1, ownerId: '1' },
  },
};
