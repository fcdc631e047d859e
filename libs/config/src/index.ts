/** A schema of the environment per app. The only reader of `process.env`. */
export * from './apps.js';
export * as variableGroups from './variables.js';
export { authMode, isLoopback } from './auth-mode.js';
export { adoptEnvironment, childEnvironment } from './child-environment.js';
export { kafkaSettings, topicSettings } from './kafka-settings.js';
export { secretKey } from './secret-key.js';
export { EXIT_CONFIG, readEnvironment, SetupError } from './read-environment.js';
