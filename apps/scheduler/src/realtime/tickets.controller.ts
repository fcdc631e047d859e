import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIdempotencyKey,
  type Caller,
  CallerOf,
  NeedsScope,
  showOnce,
  unauthorized,
} from '#http';
import { createTicket, Database } from '#storage';
import { TICKET_EXAMPLES } from './examples.js';
import { TicketRequest, TicketSchema } from './ticket.schema.js';

/** Tickets: let a browser listen without ever seeing a key (interface 4). */
@ApiTags('realtime')
@NeedsScope('emails:read')
@Controller('v1/realtime/tickets')
export class TicketsController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Make a ticket for a browser',
    description: 'Good once, for 60 s, at the gateway: `io(url, {auth: {ticket}})` or `GET /v1/stream?ticket=…`.',
  })
  @ApiExamples('TicketRequest', TICKET_EXAMPLES)
  @ApiAnswer(201, TicketSchema, { description: 'Shown once.' })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'already_exists', 'idempotency_in_progress', 'idempotency_key_reused')
  async create(
    @CallerOf() caller: Caller,
    @Body({ schema: TicketRequest }) { topics }: TicketRequest,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<z.infer<typeof TicketSchema>> {
    const request = { route: 'POST /v1/realtime/tickets', header, says: { topics } };
    const made = await showOnce(this.db, caller, request, 'Ask for another ticket under a new key.', (tx) =>
      createTicket(tx, { ...caller, topics }),
    );
    if (!made) throw unauthorized(); // the key ended while we worked
    return { ticket: made.ticket, expiresAt: made.expiresAt.toISOString() };
  }
}
