import { ApiHeader } from '@nestjs/swagger';

/** Describes that a route honours `If-Match`. */
export const ApiIfMatch = (): MethodDecorator =>
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag that you last saw; when the resource has changed meanwhile nothing is done (412).',
    schema: { type: 'string', examples: ['"7"'] },
  });
