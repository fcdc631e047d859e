import { filters, Liquid, tags } from 'liquidjs';
import { escapeHtml } from './escape-html.js';
import { MeasuredCapture } from './measured-capture.js';
import { Output } from './output.js';

/** Steps and characters that one rendering may use up, as liquidjs counts them: sixty times a recipient's data. */
const MEMORY_LIMIT = 1_048_576;
export const RENDER_MS = 200;
/** Longer names of properties and formats of dates would take time that nobody counts. */
const MAX_ARGUMENT = 100;

/** What a mail needs: nothing that opens files, evaluates text, draws lots, writes into the data or hides how deep it is. */
const TAGS = words('assign capture case comment cycle for if unless break continue echo raw tablerow #');

/** Their time grows with the length of what they read and write, and that is counted. */
const SIMPLE_FILTERS = words(`
  append prepend capitalize downcase upcase strip lstrip rstrip strip_newlines squish
  escape escape_once newline_to_br strip_html url_encode url_decode raw default
  replace replace_first replace_last remove remove_first remove_last truncate truncatewords
  abs at_least at_most ceil divided_by floor minus modulo plus round times
  date size first last json`);

/** Useful as well, but what they cost depends on what the lists hold: whoever uses them is watched by a clock. */
const LIST_FILTERS = words('join split reverse sort sort_natural map where sum compact concat uniq slice');

export const WATCHED = new Set(LIST_FILTERS);

/** Liquid as users may write it. Values in html are escaped where they come out; text and subjects show them as they are. */
export const language = { plain: dialect(undefined), html: dialect(escapeHtml) };

function dialect(outputEscape: ((value: unknown) => string) | undefined): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: false, // of assign; see ASKING
    ownPropertyOnly: true,
    dynamicPartials: false,
    templates: {}, // no file is ever looked for
    relativeReference: false,
    timezoneOffset: 0,
    locale: 'en-US',
    memoryLimit: MEMORY_LIMIT,
    renderLimit: RENDER_MS,
    ...(outputEscape && { outputEscape }),
  });
  for (const name of Object.keys(tags)) if (!TAGS.includes(name)) delete liquid.tags[name];
  const allowed = new Set([...SIMPLE_FILTERS, ...LIST_FILTERS]);
  for (const name of Object.keys(filters)) if (!allowed.has(name)) liquid.unregisterFilter(name);
  for (const name of ['date', 'map', 'where', 'sum', 'sort']) limitArgument(liquid, name);
  liquid.registerTag('capture', MeasuredCapture);
  return liquid;
}

function limitArgument(liquid: Liquid, name: string): void {
  const original = liquid.filters[name];
  if (typeof original !== 'function') throw new Error(`liquidjs has no filter ${name}`);
  liquid.registerFilter(name, function limited(value: unknown, argument?: unknown, ...others: unknown[]) {
    if (lengthOf(argument) > MAX_ARGUMENT) {
      throw new Error(`${name}: its argument is longer than ${MAX_ARGUMENT} characters`);
    }
    return original.call(this, value, argument, ...others);
  });
}

/** As liquidjs would write it. */
function lengthOf(value: unknown): number {
  const output = new Output();
  output.write(value);
  return output.buffer.length;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** While it renders: `if x` and `x | default: "y"` ask whether there is an x. Assigning what is not there stays an error. */
export const ASKING = { lenientIf: true } as const;
