import { SetupError } from '#config';
import { startServices, stopServices } from './dev/services.js';
import { exitWith, say } from './say.js';

/** `npm run services -- up` leaves Postgres and Kafka running in the background; `npm run services -- down` stops them. */
try {
  const [order] = process.argv.slice(2);
  if (order === 'up') await up();
  else if (order === 'down') say(`stopped: ${(await stopServices()).join(', ') || 'nothing was running'}`);
  else throw new SetupError('Say what to do: `npm run services -- up`, or `npm run services -- down`.');
  process.exit(0);
} catch (error) {
  exitWith(error);
}

async function up(): Promise<void> {
  await startServices({
    durable: true,
    keepRunning: true,
    onStep: (name, step) => say(`${name}: ${step}`),
    onReady: ({ name, address, origin }) => say(`${name} ${origin}: ${address}`),
  });
}
