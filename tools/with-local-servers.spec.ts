import { describe, expect, it } from '@jest/globals';
import { withLocalServers } from './with-local-servers.js';

const local = { databaseUrl: 'postgres://local', brokers: 'local:1' };

describe('a command that needs servers', () => {
  it('takes the local ones when it was given none', () => {
    expect(withLocalServers({}, local)).toEqual({ DATABASE_URL: 'postgres://local', KAFKA_BROKERS: 'local:1' });
  });

  it('takes those that it was given, as values or as files', () => {
    const given = { DATABASE_URL_FILE: '/run/secrets/url', KAFKA_BROKERS: 'k1:9092' };
    expect(withLocalServers(given, local)).toEqual(given);
  });
});
