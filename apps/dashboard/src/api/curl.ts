/** A call of the API, as it is shown to be copied. */
export interface ShownCall {
  readonly method: 'GET' | 'POST';
  /** From the root, with its query. */
  readonly path: string;
  readonly body?: unknown;
}

/** The same call for a terminal. A key is never in it: the shell has it. */
export function curlOf({ method, path, body }: ShownCall, origin: string, needsKey: boolean): string {
  return [
    'curl',
    ...(method === 'GET' ? [] : ['-X', method]),
    quoted(origin + path),
    ...(needsKey ? ['-H', '"authorization: Bearer $MAILTIDE_KEY"'] : []),
    ...(body === undefined ? [] : ['-H', quoted('content-type: application/json'), '-d', quoted(JSON.stringify(body))]),
  ].join(' ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
