/** What the scheduler tells its page (interface 8). */
export interface PageConfig {
  readonly gatewayUrl: string;
  readonly authMode: 'dev' | 'keys';
  readonly version: string;
}

export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch('/app/config.json').catch(() => undefined);
  if (!response?.ok) throw new Error('Mailtide does not answer. Is it running?');
  return (await response.json()) as PageConfig;
}
