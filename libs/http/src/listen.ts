import { SetupError } from '#config';

/** Opens a port; one that is taken is a problem of the person at the keyboard, so it names its variable. */
export async function listen(variable: string, port: number, open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
    throw new SetupError(
      `${variable}: port ${port} is in use; stop what uses it or set another, for example ${port + 1000}`,
    );
  }
}
