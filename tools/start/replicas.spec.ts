import { describe, expect, it } from '@jest/globals';
import { APPS } from './apps.js';
import { replicasOf } from './replicas.js';

const config = {
  SCHEDULER_PORT: 3000,
  GATEWAY_PORT: 3001,
  POLLER_PORT: 3002,
  SENDER_PORT: 3003,
  SANDBOX_SMTP_PORT: 2525,
};

describe('the replicas of npm start', () => {
  it('are the four apps as configured when there is one of each', () => {
    const replicas = replicasOf(config, 1);
    expect(replicas.map(({ label }) => label)).toEqual(APPS.map(({ name }) => name));
    expect(replicas.map(({ env }) => env)).toEqual([{}, {}, {}, {}]);
  });

  it('never share a port', () => {
    const ports = replicasOf(config, 8).flatMap((replica) => replica.ports.map(({ port }) => port));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('know the ports of their own number, the sandbox among them', () => {
    const second = replicasOf(config, 2).find(({ label }) => label === 'sender-2');
    expect(second?.env).toMatchObject({ SENDER_PORT: '3013', SANDBOX_SMTP_PORT: '2535' });
    expect(second?.ports).toEqual([{ name: 'SENDER_PORT', port: 3013 }]);
  });

  it('bear a name each, where the installation has one', () => {
    const names = replicasOf({ ...config, INSTANCE_NAME: 'mail' }, 2).map(({ env }) => env['INSTANCE_NAME']);
    expect(names).toEqual([undefined, undefined, undefined, undefined, 'mail-2', 'mail-2', 'mail-2', 'mail-2']);
  });

  it('let the system choose where no port was chosen', () => {
    expect(replicasOf({ ...config, POLLER_PORT: 0 }, 2).find(({ label }) => label === 'poller-2')?.ports).toEqual([
      { name: 'POLLER_PORT', port: 0 },
    ]);
  });
});
