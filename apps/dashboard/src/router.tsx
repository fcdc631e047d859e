import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { JobPage } from './pages/job/job-page.js';
import { readJobsSearch } from './pages/jobs/jobs-search.js';
import { JobsPage } from './pages/jobs/jobs-page.js';
import { NotFoundPage } from './pages/not-found-page.js';
import { readUserSearch } from './pages/user/user-search.js';
import { UserPage } from './pages/user/user-page.js';
import { ProblemPage } from './pages/problem-page.js';
import { parseSearch, stringifySearch } from './search.js';
import { Shell } from './shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: () => <NotFoundPage /> });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readUserSearch,
  beforeLoad: ({ search }) => {
    // eslint-disable-next-line typescript/only-throw-error -- the router's way to go elsewhere
    if (search.userid === undefined) throw redirect({ to: '/jobs', replace: true });
  },
  component: UserPage,
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: readJobsSearch,
  component: JobsPage,
});
const job = createRoute({ getParentRoute: () => root, path: '/jobs/$jobId', component: JobPage });

export const router = createRouter({
  routeTree: root.addChildren([home, jobs, job]),
  basepath: '/app',
  parseSearch,
  stringifySearch,
  defaultErrorComponent: ProblemPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
