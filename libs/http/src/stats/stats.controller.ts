import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { parsePublicId } from '#domain';
import { countCopies, Database } from '#storage';
import { type Caller, CallerOf } from '../caller.js';
import { ApiAnswer } from '../documents/api-answer.js';
import { ApiProblems } from '../documents/api-problems.js';
import { Problem } from '../problem.js';
import { NeedsScope } from '../scope.js';
import { emailStatsView, type EmailStatsView } from './email-stats.view.js';
import { QueueStats, type QueueView } from './queue-stats.js';
import { EmailStatsSchema, QueueSchema } from './stats.schema.js';

/** Numbers, alike on the scheduler and on the gateway (interface 3.16). */
@ApiTags('statistics')
@NeedsScope('emails:read')
@Controller('v1')
export class StatsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(QueueStats) private readonly queueStats: QueueStats,
  ) {}

  @Get('stats/queue')
  @ApiOperation({ summary: 'What waits, what is due and what is under way' })
  @ApiAnswer(200, QueueSchema, { description: 'At most a second old.' })
  @ApiProblems()
  queue(@CallerOf() caller: Caller): Promise<QueueView> {
    return this.queueStats.of(caller);
  }

  @Get('emails/:id/stats')
  @ApiOperation({ summary: 'The numbers of an email' })
  @ApiAnswer(200, EmailStatsSchema, { description: 'Counted now.' })
  @ApiProblems('not_found')
  async ofEmail(@CallerOf() caller: Caller, @Param('id') id: string): Promise<EmailStatsView> {
    const emailId = parsePublicId('email', id);
    const counted = emailId && (await countCopies(this.db.of(caller.tenantId), caller, emailId));
    if (!counted) throw new Problem('not_found', 'There is no such email.');
    return emailStatsView(counted);
  }
}
