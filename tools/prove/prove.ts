import { parseArgs } from 'node:util';
import { SetupError } from '#config';
import { Undo } from '../bench/undo.js';
import { exitWith, say } from '../say.js';
import { onStopSignal } from '../stop-signals.js';
import { cancel } from './cancel.js';
import { lanes } from './lanes.js';
import { limits } from './limits.js';
import { million } from './million.js';
import { pause } from './pause.js';
import type { Proof } from './proof.js';

/** `npm run prove`: what campaigns and limits promise, each on servers and apps of its own, at full size. */
const PROOFS: readonly Proof[] = [limits, cancel, pause, lanes, million];

const HELP = `npm run prove -- <what>                     shows that a promise holds; ends with status 1 and every breach in words
${PROOFS.map(({ name, about, recipients }) => `  ${name.padEnd(9)} ${about} (${recipients.toLocaleString('en')} recipients)`).join('\n')}
npm run prove -- <what> --recipients 2000   with so many
npm run prove -- <what> --seed 7            other faults
npm run prove -- limits --kill-every 6      a process is killed so often, in seconds (15)
`;

const undo = new Undo();

try {
  const { values, positionals } = read(process.argv.slice(2));
  if (values.help || positionals.length === 0) say(HELP.trimEnd());
  else await prove(positionals[0] ?? '', values);
  process.exit(process.exitCode ?? 0);
} catch (error) {
  await undo.all().catch(() => undefined);
  exitWith(error);
}

async function prove(name: string, wish: ReturnType<typeof read>['values']): Promise<void> {
  const proof = PROOFS.find((one) => one.name === name);
  if (!proof) throw new SetupError(`"${name}": choose one of ${PROOFS.map((one) => one.name).join(', ')}`);
  const options = {
    recipients: wholeNumber('recipients', wish.recipients ?? `${proof.recipients}`, 10_000_000),
    killEverySeconds: wholeNumber('kill-every', wish['kill-every'], 3_600),
    seed: Number(wish.seed),
  };
  onStopSignal(
    () => void undo.all().finally(() => process.exit(130)),
    () => process.exit(130),
  );
  const { problems, figures } = await proof.run(options, undo);
  for (const problem of problems) say(`BROKEN  ${problem}`);
  say(JSON.stringify({ proof: name, ...figures, problems: problems.length }));
  if (problems.length > 0) process.exitCode = 1;
  await undo.all();
}

function wholeNumber(option: string, value: string, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new SetupError(`--${option} "${value}": must be a whole number from 1 to ${most.toLocaleString('en')}`);
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        recipients: { type: 'string' },
        seed: { type: 'string', default: '1' },
        'kill-every': { type: 'string', default: '15' },
      },
    });
  } catch (error) {
    throw new SetupError(`${(error as Error).message}; \`npm run prove -- --help\` shows what it knows`);
  }
}
