import 'reflect-metadata';
import { gatewayConfig } from '#config';
import { runApp } from '#lifecycle';
import { startGateway } from './start-gateway.js';

await runApp('gateway', gatewayConfig, startGateway);
