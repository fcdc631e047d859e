import { createConfig, lintFromString } from '@redocly/openapi-core';

/** What the `recommended` rules ask beyond that is a matter of taste here: a local server, ids with a dot, no `security` on what is public. */
const RULES = {
  'no-server-example.com': 'off',
  'operation-operationId-url-safe': 'off',
  'operation-4xx-response': 'error',
  'no-unused-components': 'error',
  'tag-description': 'off',
} as const;

/** Throws with every finding when the text is no sound OpenAPI 3.1. */
export async function lintOpenApi(path: string, text: string): Promise<void> {
  const config = await createConfig({ extends: ['recommended'], rules: RULES });
  const findings = await lintFromString({ source: text, absoluteRef: path, config });
  if (findings.length === 0) return;
  const words = findings.map(({ ruleId, message, location }) => `${location[0]?.pointer ?? ''} ${message} (${ruleId})`);
  throw new Error(`${path} is no sound OpenAPI:\n${words.join('\n')}`);
}
