import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A program of the bench in a process of its own, so that its CPU time is nobody else's. It is asked one thing at a time. */
export class SideProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts a file that stands beside this one, and waits for its first message. */
  static async start<Hello>(file: string, args: readonly string[]): Promise<{ process: SideProcess; hello: Hello }> {
    // detached: Ctrl-C in the terminal reaches it through us only.
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), [...args], { detached: true });
    const process = new SideProcess(child);
    return { process, hello: await process.message<Hello>() };
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  ask<Answer>(question: string): Promise<Answer> {
    const answer = this.message<Answer>();
    this.child.send(question);
    return answer;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    await new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.kill('SIGKILL'); // it holds nothing that is worth a goodbye
    });
  }

  private message<Message>(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const onExit = () => reject(new Error('a process of the bench ended before it answered'));
      this.child.once('exit', onExit);
      this.child.once('message', (message) => {
        this.child.off('exit', onExit);
        resolve(message as Message);
      });
    });
  }
}
