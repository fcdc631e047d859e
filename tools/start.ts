import { childEnvironment } from '#config';
import { exitWith, say, statusFor, wordsFor } from './say.js';
import { LocalMailtide } from './start/local-mailtide.js';
import { Progress } from './start/progress.js';
import { HELP, readStartArguments, type StartArguments } from './start/start-arguments.js';
import { onStopSignal } from './stop-signals.js';

/** `npm start`: everything that Mailtide needs, then its four apps, in one terminal. Ctrl-C ends it in the reverse order. */
try {
  const wish = readStartArguments(process.argv.slice(2), childEnvironment({}));
  if (wish.help) process.stdout.write(HELP);
  else await start(wish);
} catch (error) {
  exitWith(error);
}

async function start({ reset, replicas }: StartArguments): Promise<void> {
  const progress = new Progress(process.stdout, () => performance.now(), 0); // since Node itself began
  let ending = false;
  const end = async (status: number, lastWords = '') => {
    if (ending) return;
    ending = true;
    progress.stop();
    await mailtide.stop();
    if (status === 0) say('Mailtide has stopped; its data is kept.');
    else process.stderr.write(`${lastWords}\n`);
    process.exit(status);
  };
  const mailtide = new LocalMailtide({
    reset,
    replicas,
    progress,
    onHopeless: (status, lastWords) => void end(status, lastWords),
  });
  onStopSignal(
    () => {
      progress.stop();
      say('Stopping: the apps finish what they have begun, then Kafka and Postgres stop. Again leaves at once.');
      void end(0);
    },
    () => void mailtide.killNow().finally(() => process.exit(1)),
  );

  progress.start();
  try {
    const words = await mailtide.start();
    if (words === undefined || ending) return;
    progress.stop();
    say(`\n${words}\n`);
  } catch (error) {
    await end(statusFor(error), wordsFor(error));
  }
}
