/** Bodies to begin with; a spec sends each to its route. */
export const KEY_EXAMPLES = {
  backend: {
    summary: 'For a program that schedules mail',
    value: { name: 'shop backend', mode: 'live', scopes: ['emails:write'] },
  },
  reader: {
    summary: 'For the sandbox, until a day',
    value: { name: 'tests', mode: 'test', scopes: ['emails:read'], expiresAt: '2099-01-01T00:00:00Z' },
  },
};
