import { DELIVERY_STATUSES, type DeliveryStatus, isFinal, MOVES } from '#domain';
import { generatedBy, keepGenerated } from './gen/keep-generated.js';
import { CAUSES, STATES } from './gen/states.js';
import { code, table } from './gen/table.js';

/** `npm run gen:states`: the states of a delivery, from MOVES. */
const SCRIPT = 'gen:states';

function page(): string {
  return [
    generatedBy(SCRIPT, '`MOVES` in libs/domain and the words in tools/gen/states.ts'),
    '# The states of a delivery',
    'A delivery is one recipient’s copy of an email. It has one of nine states, and only the moves below are legal: the types, the guarded updates, a trigger in the database and the tests all follow the same table, `MOVES`.',
    diagram(),
    'Every move is an update that names what was read (the state, the epoch). When no row comes back somebody else was faster, and nothing is done.',
    ...DELIVERY_STATUSES.map(section),
    '## All moves',
    moves(),
  ].join('\n\n');
}

function diagram(): string {
  const arrows = DELIVERY_STATUSES.flatMap((from) =>
    causesOf(from).map(([to, cause]) => `  ${from} --> ${to} : ${cause}`),
  );
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> scheduled : created', ...arrows, '```'].join('\n');
}

function section(status: DeliveryStatus): string {
  const { is, enters, leaves, crash } = STATES[status];
  return [
    `## ${code(status)}`,
    isFinal(status) ? `${is} Final: nothing happens to it by itself any more.` : is,
    `- Enters: ${enters}\n- Leaves: ${leaves}\n- A crash leaves behind: ${crash}`,
  ].join('\n\n');
}

const moves = (): string =>
  table(
    ['from', 'to', 'by'],
    DELIVERY_STATUSES.flatMap((from) => causesOf(from).map(([to, cause]) => [code(from), code(to), cause])),
  );

/** In the order of MOVES, which is the order in which one tells it. */
const causesOf = (from: DeliveryStatus): [string, string][] =>
  MOVES[from].map((to) => [to, (CAUSES[from] as Readonly<Record<string, string>>)[to] ?? '']);

await keepGenerated(SCRIPT, () => [{ path: 'docs/state-machine.md', text: page() }]);
