import { type Emitter, toValue } from 'liquidjs';

/** Characters of one rendered part; a body that is written by hand may have a quarter of it. */
export const MAX_OUTPUT = 2 * 1_048_576;

export class TooMuchOutput extends Error {
  constructor() {
    super('it becomes longer than 2 MiB');
  }
}

/** What a template writes. It is measured before it is joined: a few lists of lists would be more than fits in memory. */
export class Output implements Emitter {
  buffer = '';

  write(value: unknown): void {
    const plain: unknown = toValue(value);
    if (Array.isArray(plain)) for (const one of plain) this.write(one);
    else this.append(written(plain));
  }

  private append(text: string): void {
    if (this.buffer.length + text.length > MAX_OUTPUT) throw new TooMuchOutput();
    this.buffer += text;
  }
}

/** One value. What has parts is shown as JSON: nobody could mean the words that JavaScript has for it. */
function written(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? '' : JSON.stringify(value);
    case 'undefined':
    case 'function':
    case 'symbol':
      return '';
  }
}
