import 'reflect-metadata';
import { senderConfig } from '#config';
import { runApp } from '#lifecycle';
import { startSender } from './start-sender.js';

await runApp('sender', senderConfig, startSender);
