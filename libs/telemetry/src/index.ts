/** Facts in; logs and metrics out. */
export { createMetrics, type Facts, type Metrics } from './facts.js';
export { createLog, logOptions, type Logger, type LogOptions } from './log.js';
export { PinoLogger } from './nest-logger.js';
