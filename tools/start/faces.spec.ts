import { describe, expect, it } from '@jest/globals';
import { readEnvironment, startConfig } from '#config';
import { facesOf } from './faces.js';

const faces = (env: NodeJS.ProcessEnv) => facesOf(readEnvironment(startConfig, env));

describe('the URLs of a local Mailtide', () => {
  it('follow the ports', () => {
    expect(faces({ SCHEDULER_PORT: '4000' })).toEqual({
      api: 'http://localhost:4000',
      gateway: 'http://localhost:3001',
      host: 'localhost',
    });
  });

  it('are those of the configuration when it names some', () => {
    expect(faces({ PUBLIC_URL: 'https://mail.example.com/', SCHEDULER_PORT: '4000' }).api).toBe(
      'https://mail.example.com',
    );
  });

  it('name the address that the apps bind to, unless that is every address', () => {
    expect(faces({ HOST: '10.0.0.7' }).gateway).toBe('http://10.0.0.7:3001');
    expect(faces({ HOST: '0.0.0.0' }).gateway).toBe('http://localhost:3001');
  });
});
