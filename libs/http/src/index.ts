/** What every HTTP face shares: problems, keys, cursors, ETags, health and metrics. */
export { ApiKeyGuard, Public, unauthorized } from './api-key.guard.js';
export { type Caller, CallerOf, type RequestWithCaller } from './caller.js';
export { bearerKey, Callers, DEV_TENANT } from './callers.js';
export { createHttpApp, type HttpAppOptions } from './create-http-app.js';
export { readCursor, writeCursor } from './cursor.js';
export { etag, ifMatchVersion } from './etag.js';
export { linkHeader, type ListView } from './list.js';
export { OperationsModule, type OperationsOptions } from './operations.module.js';
export { checkOrigin } from './origin.js';
export { Problem, problemBody, type ProblemBody, type ProblemDetails } from './problem.js';
export { ProblemFilter } from './problem.filter.js';
export { Readiness, type ReadyAnswer, type ReadyCheck } from './readiness.js';
export { ValidationPipe } from './validation.pipe.js';
export { deliveryView, type DeliveryView } from './views/delivery.view.js';
export { cancelledEmailView, emailListItem, emailView, type EmailView } from './views/email.view.js';
