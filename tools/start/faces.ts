import { isLoopback, type StartConfig, startConfig } from '#config';

/** How people and programs reach a running Mailtide. */
export interface Faces {
  /** Base URLs, without a slash at the end. */
  readonly api: string;
  readonly gateway: string;
  /** The name that clients on this machine connect to. */
  readonly host: string;
}

type Listening = Pick<StartConfig, 'HOST' | 'PUBLIC_URL' | 'GATEWAY_URL' | 'SCHEDULER_PORT' | 'GATEWAY_PORT'>;

const isDefault = (name: 'PUBLIC_URL' | 'GATEWAY_URL', value: string) =>
  startConfig.shape[name].parse(undefined) === value;

/** The URLs of the configuration; those that nobody set follow the ports. */
export function facesOf(config: Listening): Faces {
  const host = isLoopback(config.HOST) || ['0.0.0.0', '::'].includes(config.HOST) ? 'localhost' : config.HOST;
  const face = (name: 'PUBLIC_URL' | 'GATEWAY_URL', port: number) =>
    (isDefault(name, config[name]) ? `http://${host}:${port}` : config[name]).replace(/\/$/, '');
  return { api: face('PUBLIC_URL', config.SCHEDULER_PORT), gateway: face('GATEWAY_URL', config.GATEWAY_PORT), host };
}
