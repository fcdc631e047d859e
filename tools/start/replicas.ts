import type { StartConfig } from '#config';
import { APPS } from './apps.js';

type PortName = (typeof APPS)[number]['ports'][number];

/** One process that `npm start` runs. */
export interface Replica {
  readonly app: (typeof APPS)[number]['name'];
  /** How its lines and its state are shown: `sender`, `sender-2`. */
  readonly label: string;
  readonly ports: readonly { readonly name: PortName; readonly port: number }[];
  /** What it is told beside what all are told. */
  readonly env: Readonly<Record<string, string>>;
}

/** The second replica of everything listens ten ports above the first, and so on. */
export const PORT_STEP = 10;
export const MAX_REPLICAS = 8;

/** Every app so many times, each with ports of its own; the sandbox that a sender talks to is that of its own number. */
export function replicasOf(
  config: Pick<StartConfig, PortName> & { readonly INSTANCE_NAME?: string | undefined },
  count: number,
): Replica[] {
  return Array.from({ length: count }, (_, index) => APPS.map((app) => replica(app, index, config))).flat();
}

function replica(
  { name, ports }: (typeof APPS)[number],
  index: number,
  config: Parameters<typeof replicasOf>[0],
): Replica {
  const numbered = (port: PortName) => (config[port] === 0 ? 0 : config[port] + index * PORT_STEP);
  const own = ports.map((port) => ({ name: port, port: numbered(port) }));
  const all = APPS.flatMap((app) => app.ports).map((port) => [port, String(numbered(port))]);
  const env: Record<string, string> = index === 0 ? {} : Object.fromEntries(all);
  if (index > 0 && config.INSTANCE_NAME !== undefined) env['INSTANCE_NAME'] = `${config.INSTANCE_NAME}-${index + 1}`;
  return { app: name, label: index === 0 ? name : `${name}-${index + 1}`, ports: own, env };
}
