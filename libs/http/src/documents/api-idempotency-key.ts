import { ApiHeader } from '@nestjs/swagger';

/** Describes that a route honours `Idempotency-Key`. */
export const ApiIdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Makes the request safe to repeat: the same body under the same key does nothing and gets the stored answer again, byte for byte, with `Idempotency-Replayed: true`. 1 to 255 printable ASCII characters, for example a UUID.',
    schema: { type: 'string', minLength: 1, maxLength: 255, examples: ['0c2f6b0e-8f7f-4f3a-9f1e-3d7a5f3f2a11'] },
  });
