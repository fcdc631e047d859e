import { Command } from 'commander';
import type { Cli } from './cli.js';
import { addActing } from './commands/act.js';
import { addDoctor } from './commands/doctor.js';
import { addKeys } from './commands/keys.js';
import { addReading } from './commands/read.js';
import { addSchedule } from './commands/schedule.js';
import { addStatus } from './commands/status.js';
import { addWatch } from './commands/watch.js';

/** The `mailtide` command with all that it knows. `cliOf` gets the options that stand before a command. */
export function makeProgram(cliOf: (options: () => Record<string, string | boolean | undefined>) => Cli): Command {
  const program = new Command('mailtide')
    .description('Mailtide from a terminal: schedule mail, watch it, change it, and find out why it waits.')
    .option('--url <url>', 'where the API is (MAILTIDE_URL; default http://localhost:3000)')
    .option('--gateway-url <url>', 'where the gateway is (MAILTIDE_GATEWAY_URL)')
    .option('--key <key>', 'an API key; MAILTIDE_KEY keeps it out of the list of processes')
    .option('--json', 'one JSON value a result, also on a terminal')
    .showHelpAfterError('(mailtide --help shows everything)')
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
  const cli = cliOf(() => program.opts());
  for (const add of [addSchedule, addReading, addActing, addWatch, addDoctor, addStatus, addKeys]) add(program, cli);
  for (const command of program.commands) inherit(command);
  return program;
}

/** Every command, at any depth, tells of its mistakes in the same way. */
function inherit(command: Command): void {
  command.exitOverride().showHelpAfterError(`(mailtide ${command.name()} --help shows what it takes)`);
  for (const inner of command.commands) inherit(inner);
}
