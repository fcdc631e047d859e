import { Body, Controller, Headers, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { EmailId } from '#domain';
import {
  type ActionAnswer,
  answerOnce,
  ApiAction,
  ApiExamples,
  type Caller,
  CallerOf,
  CancelledEmailSchema,
  cancelledEmailView,
  EmailSchema,
  ifMatchVersion,
  NeedsScope,
  Problem,
} from '#http';
import { Database, type Queryable } from '#storage';
import { RESCHEDULE_EXAMPLES, SEND_NOW_EXAMPLES } from '../documents/examples.js';
import { cancelEmails } from './cancel-emails.js';
import type { ChangeEmails } from './change-emails.js';
import { CancelQuery, RescheduleRequest, SendNowRequest } from './email-actions.schema.js';
import { changeEmail, emailAnswer } from './email-answer.js';
import { Emails } from './emails.js';
import { emailIdOf } from './not-found.js';
import { pauseEmails, resumeEmails } from './pause-emails.js';
import { refused } from './refused.js';
import { inFlight, untilSettled } from './until-settled.js';

const TOO_LATE = ['in_flight', 'already_sent', 'outcome_unknown', 'already_finished'] as const;

interface ActionHeaders {
  readonly 'if-match'?: string;
  readonly 'idempotency-key'?: string;
}

/** One request of an action, as far as all of them are alike. */
interface Act {
  readonly reply: FastifyReply;
  readonly caller: Caller;
  readonly id: string;
  readonly headers: ActionHeaders;
  /** The last part of its path. */
  readonly action: string;
  /** Its query and body. */
  readonly says?: object;
}

type Work = (tx: Queryable, id: EmailId, ifVersion: number | undefined) => Promise<ActionAnswer | Problem>;

/** What can be done to an email that is not armed yet, besides editing it (interface 3.1). */
@ApiTags('emails')
@NeedsScope('emails:write')
@Controller('v1/emails')
export class EmailActionsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    private readonly emails: Emails,
  ) {}

  @Post(':id/cancel')
  @ApiAction({
    summary: 'Cancel an email',
    description: 'Copies that are not armed will never be sent.',
    schema: CancelledEmailSchema,
    answers: 'Cancelled; the same again.',
    problems: ['validation_failed', ...TOO_LATE],
  })
  async cancel(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: CancelQuery }) { wait }: CancelQuery,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const act = { reply, caller, id, headers, action: 'cancel', says: { wait } };
    const attempt = () =>
      this.once(act, (tx, emailId, ifVersion) =>
        changeEmail(tx, caller, emailId, cancelEmails, { ifVersion, view: cancelledEmailView }),
      ).catch(inFlight);
    const result = await untilSettled(attempt, (answer) => answer instanceof Problem, wait);
    if (result instanceof Problem) throw result;
    return result;
  }

  @Post(':id/pause')
  @ApiAction({
    summary: 'Pause an email',
    description: 'None of its copies is armed until it is resumed.',
    schema: EmailSchema,
    problems: ['state_conflict'],
  })
  pause(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.change({ reply, caller, id, headers, action: 'pause' }, pauseEmails);
  }

  @Post(':id/resume')
  @ApiAction({
    summary: 'Let a paused email go on',
    description: 'What came due meanwhile is due now, or when its windows open next, and not late.',
    schema: EmailSchema,
    problems: ['state_conflict'],
  })
  resume(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.change({ reply, caller, id, headers, action: 'resume' }, resumeEmails);
  }

  @Post(':id/send-now')
  @ApiAction({
    summary: 'Make an email due now',
    description:
      'Also copies that wait for a retry or were missed. While its windows are shut it waits for the next opening, unless they are ignored. Limits, suppressions and a pause still hold.',
    schema: EmailSchema,
    problems: [...TOO_LATE, 'state_conflict'],
    takesBody: true,
  })
  @ApiExamples('SendNowRequest', SEND_NOW_EXAMPLES)
  sendNow(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: SendNowRequest }) body: SendNowRequest,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.change(
      { reply, caller, id, headers, action: 'send-now', says: body },
      this.emails.sendNow(body.ignoreWindows),
    );
  }

  @Post(':id/reschedule')
  @ApiAction({
    summary: 'Give an email another time',
    description: 'As a PATCH of its time alone.',
    schema: EmailSchema,
    problems: [...TOO_LATE, 'state_conflict'],
    takesBody: true,
  })
  @ApiExamples('RescheduleRequest', RESCHEDULE_EXAMPLES)
  reschedule(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: RescheduleRequest }) body: RescheduleRequest,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const act = { reply, caller, id, headers, action: 'reschedule', says: body };
    return this.once(act, async (tx, emailId, ifVersion) => {
      const result = await this.emails.edit.edit(tx, caller, emailId, body, ifVersion);
      return result.kind === 'edited' ? emailAnswer(result.email) : refused(result);
    });
  }

  private change(act: Act, change: ChangeEmails): Promise<object | string> {
    return this.once(act, (tx, emailId, ifVersion) => changeEmail(tx, act.caller, emailId, change, { ifVersion }));
  }

  private async once({ reply, caller, id, headers, action, says = {} }: Act, work: Work): Promise<object | string> {
    const emailId = emailIdOf(id);
    const ifVersion = ifMatchVersion(headers['if-match']);
    const request = {
      route: `POST /v1/emails/{id}/${action}`,
      header: headers['idempotency-key'],
      says: { id, ...says },
    };
    return answerOnce(reply, this.db, caller, request, (tx) => work(tx, emailId, ifVersion));
  }
}
