import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.js';

/** A screen that keeps what was written, and a clock that stands until it is moved. */
function aScreen(isTTY: boolean) {
  let written = '';
  let now = 0;
  const progress = new Progress({ isTTY, write: (text: string) => (written += text) }, () => now);
  return { progress, after: (ms: number) => void (now = ms), written: () => written };
}

describe('progress', () => {
  it('is plain lines with the time where nobody watches', () => {
    const { progress, after, written } = aScreen(false);
    progress.begin('Kafka');
    after(2_600);
    progress.end('Kafka', 'started');
    expect(written()).toBe('  0.0 s  Kafka …\n  2.6 s  Kafka: started\n');
  });

  it('says what takes long, with the time', () => {
    const { progress, after, written } = aScreen(false);
    after(1_000);
    progress.step('Kafka', 'downloading');
    expect(written()).toBe('  1.0 s  Kafka: downloading\n');
  });

  it('leaves only what has happened on a terminal', () => {
    const { progress, after, written } = aScreen(true);
    progress.begin('Kafka');
    after(2_600);
    progress.end('Kafka', 'started');
    progress.stop();
    expect(written()).toBe('\r\x1b[K  2.6 s  Kafka: started\n\r\x1b[K');
  });
});
