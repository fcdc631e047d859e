/** Which methods a path takes: what a request with another one is told (RFC 9110 15.5.6). */
export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** Notes a route as Fastify writes it: `/v1/emails/:id`. */
  add(url: string, methods: string | readonly string[]): void {
    if (url.includes('*')) return; // a wildcard answers for itself
    const pattern = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : escape(part)));
    this.routes.push({ pattern: new RegExp(`^${pattern.join('/')}$`), methods: [methods].flat() });
  }

  /** The methods of a path, in alphabetical order; empty: there is nothing at this path. */
  methodsOf(path: string): string[] {
    const methods = this.routes.flatMap((route) => (route.pattern.test(path) ? route.methods : []));
    return [...new Set(methods)].toSorted();
  }
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
