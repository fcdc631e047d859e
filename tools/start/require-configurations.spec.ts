import { describe, expect, it } from '@jest/globals';
import { requireConfigurations } from './require-configurations.js';

const servers = { DATABASE_URL: 'postgres://m:m@127.0.0.1:15432/m', KAFKA_BROKERS: '127.0.0.1:19092' };
const problemsIn = (env: NodeJS.ProcessEnv) => {
  try {
    requireConfigurations({ ...servers, ...env });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

describe('the configuration of npm start', () => {
  it('needs nothing', () => {
    expect(problemsIn({})).toEqual([]);
  });

  it('is refused with every problem of every app, each once', () => {
    expect(problemsIn({ SENDER_CONCURRENCY: 'abc', POLLER_BATCH: '0', GRANT_SECONDS: 'x', LOG_LEVEL: 'loud' })).toEqual(
      [
        expect.stringMatching(/^LOG_LEVEL: /),
        expect.stringMatching(/^POLLER_BATCH: /),
        expect.stringMatching(/^GRANT_SECONDS: /),
        expect.stringMatching(/^SENDER_CONCURRENCY: /),
      ],
    );
  });

  it('is refused for an SMTP_URL that no sender could use, without showing it', () => {
    const problems = problemsIn({ SMTP_URL: 'smtp://user:hunter2@smtp.example.com:587?tls=maybe' });
    expect(problems).toEqual([expect.stringMatching(/^SMTP_URL: .*tls/)]);
    expect(problems.join()).not.toContain('hunter2');
  });
});
