import 'reflect-metadata';
import { pollerConfig } from '#config';
import { runApp } from '#lifecycle';
import { startPoller } from './start-poller.js';

await runApp('poller', pollerConfig, startPoller);
