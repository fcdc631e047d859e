import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { asyncApi, eventSchemas } from '#events';
import { isProblemCode, Problem, problemPage, Public } from '#http';

const nothing = (): Problem => new Problem('not_found', 'There is nothing at this path.');

/** The pages that answers and events point to: what a problem means (RFC 9457 `type`), what the data of an event is (`dataschema`). */
@ApiExcludeController()
@Public()
@Controller()
export class DocumentsController {
  private readonly schemas = new Map([...eventSchemas()].map(([ceType, schema]) => [`${ceType}.json`, schema]));

  @Get('problems/:code')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  problem(@Param('code') code: string): string {
    if (!isProblemCode(code)) throw nothing();
    return problemPage(code);
  }

  /** As a reader takes it: fields that a newer release adds are allowed. */
  @Get('schemas/:file')
  @Header('content-type', 'application/schema+json; charset=utf-8')
  schema(@Param('file') file: string): string {
    const schema = this.schemas.get(file);
    if (!schema) throw nothing();
    return JSON.stringify({ $id: `/schemas/${file}`, ...schema });
  }

  @Get('asyncapi.json')
  events(): object {
    return asyncApi();
  }
}
