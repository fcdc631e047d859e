import { defaultClientConditions, defineConfig } from 'vite';

const scheduler = 'http://localhost:3000';

/** Vite transforms JSX by itself (decision 17); `npx vite apps/dashboard` beside a running `npm start` reloads as one types. */
export default defineConfig({
  base: '/app/',
  resolve: { conditions: ['mailtide-source', ...defaultClientConditions] },
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      // Every file of Mantine says "use client", which is for servers that render.
      onLog: (level, log, tell) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && tell(level, log),
    },
  },
  server: { proxy: { '/v1': { target: scheduler, changeOrigin: true }, '/app/config.json': scheduler } },
});
