import { Body, Controller, Get, Headers, Inject, Patch, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIfMatch,
  ApiProblems,
  type Caller,
  CallerOf,
  etag,
  ifMatchVersion,
  NeedsScope,
} from '#http';
import { SETTINGS_EXAMPLES } from './examples.js';
import { SettingsPatch, SettingsSchema } from './settings.schema.js';
import { Settings } from './settings.js';
import type { SettingsView } from './settings.view.js';

/** What a tenant chooses for itself (interface 3.5). */
@ApiTags('settings')
@Controller('v1/settings')
export class SettingsController {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  @Get()
  @NeedsScope('settings:read')
  @ApiOperation({ summary: 'The settings of the tenant', description: 'Shared by both modes.' })
  @ApiAnswer(200, SettingsSchema, { description: 'As they are now.', headers: ['ETag'] })
  @ApiProblems()
  async read(@CallerOf() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<SettingsView> {
    const view = await this.settings.read(caller);
    void reply.header('etag', etag(view.version));
    return view;
  }

  @Patch()
  @NeedsScope('settings:write')
  @ApiOperation({
    summary: 'Change settings',
    description:
      'A new `defaultFrom` is that of emails created from now on; what is scheduled keeps its sender. `transactionalReserve` holds at once. So do `timeZone` and `windows`, for what is scheduled from then on; what waits for a local time by the `timeZone` is moved within seconds. What nothing obeys yet (`catchUpShare`) is refused.',
  })
  @ApiIfMatch()
  @ApiExamples('SettingsPatch', SETTINGS_EXAMPLES)
  @ApiAnswer(200, SettingsSchema, { description: 'As they are now.', headers: ['ETag'] })
  @ApiBodyProblems('version_mismatch')
  async change(
    @CallerOf() caller: Caller,
    @Body({ schema: SettingsPatch }) patch: SettingsPatch,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettingsView> {
    const view = await this.settings.change(caller, patch, ifMatchVersion(ifMatch));
    void reply.header('etag', etag(view.version));
    return view;
  }
}
