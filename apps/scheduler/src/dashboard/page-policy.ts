/**
 * What the page may load and where it may connect (Content-Security-Policy): its own files, the API beside it, the gateway.
 * Styles may stand in elements, because the components compute them; scripts may not.
 */
export function pagePolicy(gatewayUrl: string): string {
  const { origin } = new URL(gatewayUrl);
  const rules = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': `'self' ${origin} ${origin.replace(/^http/, 'ws')}`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(rules)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
