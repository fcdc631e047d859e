import type { ArgumentsHost, RpcExceptionFilter } from '@nestjs/common';
import { Catch } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { Topic } from '#events';
import type { ReceivedEvent } from './received-event.js';

/**
 * Marks a controller's method as the consumer of a topic. It gets a whole batch of one partition, in order; when it
 * resolves the batch is committed, when it throws the batch comes again.
 */
export const OnBatch =
  (topic: Topic) =>
  (
    target: object,
    name: string,
    method: TypedPropertyDescriptor<(events: readonly ReceivedEvent[], ...rest: never[]) => Promise<void>>,
  ): void => {
    (EventPattern(topic.name) as MethodDecorator)(target, name, method);
  };

/** Without this filter Nest replaces every error by "Internal server error" before the transport sees it. */
@Catch()
export class KeepError implements RpcExceptionFilter {
  catch(error: Error, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}
