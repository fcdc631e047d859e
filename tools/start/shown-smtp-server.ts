import { parseSmtpUrl } from '#couriers';

/** The server of an SMTP_URL as it may be shown: neither user nor password is in it. */
export function shownSmtpServer(url: string): string {
  const { host, port, security } = parseSmtpUrl(url);
  const name = host.includes(':') ? `[${host}]` : host;
  return `${security === 'tls' ? 'smtps' : 'smtp'}://${name}:${port}`;
}
