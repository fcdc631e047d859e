const PROJECTS = ['unit', 'int', 'journeys'] as const;

export type Project = (typeof PROJECTS)[number];

export interface TestArguments {
  readonly help: boolean;
  readonly projects: readonly Project[];
  /** Handed on to jest: paths, `-t name` ... */
  readonly jestArguments: readonly string[];
  /** Those of them that are certainly paths: each must be the path of some test. */
  readonly paths: readonly string[];
}

export const HELP = `npm test                              every test: unit, int (Postgres, Kafka, SMTP), journeys (all four apps)
npm test -- int libs/storage          the projects that are named first, and of them the files whose path contains this
npm test -- unit -t 'never early'     the tests whose name contains this; what follows the projects is jest's
npm test -- --help                    shows this

Postgres and Kafka: those of this checkout that run (\`npm run services -- up\`), else its own, which are stopped in the end.
`;

/** `unit int -t name path`: the projects come first (none means all), the rest is jest's. */
export function readTestArguments(args: readonly string[]): TestArguments {
  const end = args.findIndex((arg) => !isProject(arg));
  const named = (end === -1 ? args : args.slice(0, end)).filter(isProject);
  const jestArguments = end === -1 ? [] : args.slice(end);
  return {
    help: args.includes('--help') || args.includes('-h'),
    projects: named.length === 0 ? PROJECTS : named,
    jestArguments,
    paths: jestArguments.filter((arg, i) => !isOption(arg) && !mayBeValue(jestArguments[i - 1])),
  };
}

const isProject = (arg: string): arg is Project => PROJECTS.some((project) => project === arg);

const isOption = (arg: string) => arg.startsWith('-');

/** What follows an option may be its value: only jest knows. */
const mayBeValue = (before: string | undefined) => before !== undefined && isOption(before) && !before.includes('=');
