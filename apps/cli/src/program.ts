import { Command } from 'commander';
import { webAddress } from './arguments.js';
import type { Cli } from './cli.js';
import { addActing } from './commands/act.js';
import { addDeadLetters } from './commands/dead-letters.js';
import { addCampaign } from './commands/campaign.js';
import { addDoctor } from './commands/doctor.js';
import { addEdit } from './commands/edit.js';
import { addExplain } from './commands/explain.js';
import { addGet } from './commands/get.js';
import { addJobs } from './commands/jobs.js';
import { addKeys } from './commands/keys.js';
import { addLoad } from './commands/load.js';
import { addLimits } from './commands/limits.js';
import { addList } from './commands/ls.js';
import { addSchedule } from './commands/schedule.js';
import { addStatus } from './commands/status.js';
import { addTimeline } from './commands/timeline.js';
import { addWatch } from './commands/watch.js';

const COMMANDS = [
  addSchedule,
  addList,
  addGet,
  addTimeline,
  addExplain,
  addWatch,
  addEdit,
  addActing,
  addLoad,
  addJobs,
  addDeadLetters,
  addCampaign,
  addLimits,
  addDoctor,
  addStatus,
  addKeys,
];

/** The `mailtide` command with all that it knows. It throws a CommanderError instead of ending the process, and of mistakes it says nothing itself. */
export function makeProgram(cliOf: (program: Command) => Cli): Command {
  const program = new Command('mailtide')
    .description('Mailtide from a terminal: schedule mail, watch it, change it, and find out why it waits.')
    .option('--url <url>', 'where the API is (MAILTIDE_URL; else http://localhost:3000)', webAddress)
    .option('--gateway-url <url>', 'where the gateway is (MAILTIDE_GATEWAY_URL)', webAddress)
    .option('--key <key>', 'an API key; MAILTIDE_KEY keeps it out of the list of processes')
    .option('--json', 'one JSON value a result, also on a terminal')
    .exitOverride();
  const cli = cliOf(program);
  program.configureOutput({ outputError: () => undefined, writeErr: (help) => cli.out.hint(help) });
  for (const add of COMMANDS) add(program, cli);
  return program;
}
