import {
  analyzeSync,
  CaseTag,
  type Template,
  type Token,
  toValueSync,
  TypeGuards,
  UnlessTag,
  IfTag,
  Value,
  type Variable,
} from 'liquidjs';
import { WATCHED } from './language.js';

/** An expression of more pieces costs more than liquidjs looks at a clock for. */
const MAX_PIECES = 20;

export interface TemplateAnalysis {
  /** The variables that must be there, as paths from the data: `['user', 'name']`. */
  readonly needs: readonly (readonly string[])[];
  /** It can do what takes long without liquidjs noticing. */
  readonly isWatched: boolean;
}

export function analyzeTemplate(templates: Template[]): TemplateAnalysis {
  const all = [...walk(templates)];
  const asked = new Set(all.flatMap(leniently));
  const globals = Object.values(analyzeSync(templates, { partials: false }).globals).flat();
  const needed = globals.filter(({ location: { row, col } }) => !asked.has(`${row}:${col}`));
  return { needs: needed.map(pathOf), isWatched: all.some(isHeavy) };
}

function* walk(templates: readonly Template[]): Generator<Template> {
  for (const template of templates) {
    yield template;
    if (template.children) yield* walk(toValueSync<Template[]>(template.children(false, true) as never));
  }
}

/** Where it only asks whether there is a variable: `{% if x %}`, `{{ x | default: "y" }}`. */
function leniently(template: Template): string[] {
  const asks = template instanceof IfTag || template instanceof UnlessTag || template instanceof CaseTag;
  return [...(template.arguments?.() ?? [])].flatMap((argument) => {
    if (!(argument instanceof Value)) return asks ? places([argument]) : [];
    return asks || argument.filters[0]?.name === 'default' ? places(argument.initial.postfix) : [];
  });
}

const places = (tokens: readonly Token[]): string[] =>
  tokens.filter((token) => TypeGuards.isPropertyAccessToken(token)).map((token) => token.getPosition().join(':'));

function isHeavy(template: Template): boolean {
  if (template instanceof CaseTag) return true;
  return [...(template.arguments?.() ?? [])].some(
    (argument) =>
      argument instanceof Value &&
      (argument.initial.postfix.length > MAX_PIECES ||
        argument.filters.length > MAX_PIECES ||
        argument.filters.some(({ name }) => WATCHED.has(name))),
  );
}

/** What liquid can say of every list and text without its having such a property. */
const BUILT_IN = new Set(['size', 'first', 'last']);

/** As far as it is known before the data are: up to an index, or a name that is itself looked up. */
function pathOf({ segments }: Variable): string[] {
  const end = segments.findIndex((segment, at) => typeof segment !== 'string' || (at > 0 && BUILT_IN.has(segment)));
  return (end < 0 ? segments : segments.slice(0, end)).map(String);
}
