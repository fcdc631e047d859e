import type { FieldCode } from '#domain';

/** Nothing of an upload can be taken: who reads it cannot know what its rows are, or it was cut off. */
export class UploadRefused extends Error {
  constructor(
    readonly code: Extract<FieldCode, 'bad_format' | 'required' | 'conflict' | 'too_long' | 'too_many'>,
    readonly detail: string,
  ) {
    super(detail);
  }
}
