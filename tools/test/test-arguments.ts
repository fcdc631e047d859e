const PROJECTS = ['unit', 'int', 'journeys'] as const;

export type Project = (typeof PROJECTS)[number];

export interface TestArguments {
  readonly projects: readonly Project[];
  /** Handed on to jest: paths, `-t name` ... */
  readonly jestArguments: readonly string[];
}

/** `unit int -t name path`: the projects come first (none means all), the rest is jest's. */
export function readTestArguments(args: readonly string[]): TestArguments {
  const end = args.findIndex((arg) => !isProject(arg));
  const named = (end === -1 ? args : args.slice(0, end)).filter(isProject);
  return {
    projects: named.length === 0 ? PROJECTS : named,
    jestArguments: end === -1 ? [] : args.slice(end),
  };
}

const isProject = (arg: string): arg is Project => PROJECTS.some((project) => project === arg);
