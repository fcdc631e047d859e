/** Bodies to begin with; a spec sends each to its route. */
export const TICKET_EXAMPLES = {
  owner: { summary: 'For what one of your users may see', value: { topics: ['owner:user-42'] } },
  all: { summary: 'For all that you may see', value: { topics: ['*'] } },
};
