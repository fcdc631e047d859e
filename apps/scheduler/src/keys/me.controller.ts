import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { publicId } from '#domain';
import { ApiAnswer, ApiProblems, type Caller, CallerOf, Callers, NeedsNoScope } from '#http';
import { MeSchema } from './key.schema.js';

/** Who is calling, as we see it (interface 3.5). */
@ApiTags('keys')
@NeedsNoScope()
@Controller('v1/me')
export class MeController {
  constructor(@Inject(Callers) private readonly callers: Callers) {}

  @Get()
  @ApiOperation({ summary: 'Who you are', description: 'For every key, whatever its scopes.' })
  @ApiAnswer(200, MeSchema, { description: 'What your key stands for.' })
  @ApiProblems()
  me(@CallerOf() { tenant, mode, keyId, scopes }: Caller) {
    const { authMode } = this.callers;
    return { tenant, mode, keyId: keyId && publicId('key', keyId), scopes, authMode };
  }
}
