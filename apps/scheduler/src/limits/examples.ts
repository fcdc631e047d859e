/** Bodies to begin with; a spec sends each to its route. */
export const LIMIT_EXAMPLES = {
  hour: { summary: 'At most 1,000 in any hour', value: { rules: [{ max: 1000, windowSeconds: 3600 }] } },
  several: {
    summary: '14 a second, and 10,000 a day in Berlin',
    value: {
      rules: [
        { max: 14, windowSeconds: 1 },
        { max: 10_000, windowSeconds: 86_400, mode: 'calendar', timeZone: 'Europe/Berlin' },
      ],
    },
  },
};
