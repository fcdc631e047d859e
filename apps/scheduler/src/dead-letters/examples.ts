/** Bodies to begin with; a spec sends each through the schema of its route. */
export const REDRIVE_EXAMPLES = {
  preview: { summary: 'See what would be sent again', value: { filter: { reason: 'time_budget_spent' } } },
  ids: { summary: 'Send one again', value: { ids: ['dlt_01jfgf0101ecsta9dnx1241vkr'], dryRun: false } },
  all: { summary: 'Send everything again that is open', value: { filter: { all: true }, dryRun: false } },
};

export const DISCARD_EXAMPLES = {
  discard: { summary: 'Nobody wants it any more', value: { reason: 'the campaign is over' } },
};
