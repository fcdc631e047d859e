export const MISSING_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** What a browser is shown while the dashboard is not built. The API works all the same. */
export const MISSING_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Dashboard not built · Mailtide</title>
    <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style>
  </head>
  <body>
    <main>
      <h1>The dashboard is not built</h1>
      <p>Run <code>npm run build</code> in Mailtide's folder, then load this page again. The API works: see <a href="/docs">its description</a>.</p>
    </main>
  </body>
</html>
`;
