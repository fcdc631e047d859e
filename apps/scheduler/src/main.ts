import 'reflect-metadata';
import { schedulerConfig } from '#config';
import { runApp } from '#lifecycle';
import { startScheduler } from './start-scheduler.js';

await runApp('scheduler', schedulerConfig, startScheduler);
