import { type Liquid, LiquidError, Context, type Template, toValueSync, UndefinedVariableError } from 'liquidjs';
import { type FieldCode, hasControls } from '#domain';
import { analyzeTemplate } from './analyze-template.js';
import { ASKING, language, RENDER_MS } from './language.js';
import { Output, TooMuchOutput } from './output.js';
import { parseTemplate } from './parse-template.js';
import { patiently } from './patiently.js';
import { TookTooLong, within } from './watchdog.js';

/** The parts of a content that may hold placeholders. */
export interface ContentSource {
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
}

export type ContentPart = keyof ContentSource;
/** Values by name. Only what is its own is seen: nothing of what JavaScript adds. */
export type TemplateData = Readonly<Record<string, unknown>>;

export interface ContentError {
  readonly part: ContentPart;
  readonly code: Extract<FieldCode, 'bad_template' | 'missing_variable' | 'injection' | 'too_long' | 'too_short'>;
  /** The path of a variable that is missing. */
  readonly variable?: string;
  readonly detail: string;
}

export type RenderedContent =
  ({ readonly kind: 'rendered' } & ContentSource) | { readonly kind: 'refused'; readonly error: ContentError };

/** A content that was read once, for a million recipients. */
export interface CompiledContent {
  readonly variables: ContentVariables;
  /** Strictly: a variable that is missing is an error. At most 200 ms and 2 MiB a part; nothing is read but the data. */
  readonly render: (data: TemplateData) => RenderedContent;
}

/** What must be in the data of every recipient; what a template only asks for (`if x`, `x | default`) need not be. */
export interface ContentVariables {
  readonly names: readonly string[];
  /** With what is looked up within them: `user.name`. */
  readonly paths: readonly string[];
}

export type Compiled =
  | { readonly kind: 'compiled'; readonly content: CompiledContent }
  | { readonly kind: 'refused'; readonly errors: readonly ContentError[] };

export const variablesOf = ({ variables }: CompiledContent): ContentVariables => variables;

const COMPILE_MS = 1_000;
const MAX_SUBJECT = 998; // RFC 5322 2.1.1
const PARTS = ['subject', 'text', 'html'] as const satisfies readonly ContentPart[];

/** One part, read. */
interface Piece {
  readonly part: ContentPart;
  readonly liquid: Liquid;
  readonly templates: Template[];
  readonly needs: readonly (readonly string[])[];
  readonly isWatched: boolean;
}

/** Reads subject, text and html; answers every part that is not Liquid as we allow it, and where. */
export function compileContent(source: ContentSource): Compiled {
  const pieces = PARTS.flatMap((part) => {
    const template = source[part];
    return template === null ? [] : [compilePart(part, template)];
  });
  const errors = pieces.filter((piece) => 'code' in piece);
  if (errors.length > 0) return { kind: 'refused', errors };
  const good = pieces.filter((piece) => 'templates' in piece);
  return { kind: 'compiled', content: { variables: variablesIn(good), render: (data) => render(good, data) } };
}

function compilePart(part: ContentPart, source: string): Piece | ContentError {
  const liquid = part === 'html' ? language.html : language.plain;
  try {
    return patiently(COMPILE_MS, () => within(COMPILE_MS, () => readPiece(part, liquid, source)));
  } catch (error) {
    return { part, code: 'bad_template', detail: wordsOf(error) };
  }
}

function readPiece(part: ContentPart, liquid: Liquid, source: string): Piece {
  const templates = parseTemplate(liquid, source);
  return { part, liquid, templates, ...analyzeTemplate(templates) };
}

function variablesIn(pieces: readonly Piece[]): ContentVariables {
  const paths = pieces.flatMap(({ needs }) => needs);
  return {
    names: [...new Set(paths.flatMap(([name]) => (name === undefined ? [] : [name])))],
    paths: [...new Set(paths.map((path) => path.join('.')))],
  };
}

function render(pieces: readonly Piece[], data: TemplateData): RenderedContent {
  const rendered: Record<ContentPart, string | null> = { subject: '', text: null, html: null };
  for (const piece of pieces) {
    try {
      rendered[piece.part] = patiently(RENDER_MS, () => writeInTime(piece, data));
    } catch (error) {
      return { kind: 'refused', error: renderError(piece.part, error) };
    }
  }
  const content = { ...rendered, subject: rendered.subject ?? '' };
  const error = subjectError(content.subject) ?? bodyError(content);
  return error ? { kind: 'refused', error } : { kind: 'rendered', ...content };
}

const writeInTime = (piece: Piece, data: TemplateData): string =>
  piece.isWatched ? within(RENDER_MS, () => write(piece, data)) : write(piece, data);

function write({ liquid, templates }: Piece, data: TemplateData): string {
  const context = new Context(data, { ...liquid.options, ...ASKING }, { sync: true }, { liquid });
  const output = new Output();
  toValueSync(liquid.renderer.renderTemplates(templates, context, output));
  return output.buffer;
}

function renderError(part: ContentPart, error: unknown): ContentError {
  const cause = LiquidError.is(error) ? (error.originalError ?? error) : error;
  if (error instanceof UndefinedVariableError || isUndefinedVariable(cause)) {
    const variable = (isUndefinedVariable(cause) && cause.variableName) || '';
    return { part, code: 'missing_variable', variable, detail: `there is no ${variable} (${placeOf(error)})` };
  }
  const isTooLong = cause instanceof TooMuchOutput;
  return { part, code: isTooLong ? 'too_long' : 'bad_template', detail: wordsOf(error) };
}

const isUndefinedVariable = (error: unknown): error is Error & { readonly variableName: string } =>
  error instanceof Error && 'variableName' in error && typeof error.variableName === 'string';

/** A subject is a header: what could begin another one is never cleaned and sent. */
function subjectError(subject: string): ContentError | undefined {
  const refuse = (code: ContentError['code'], detail: string): ContentError => ({ part: 'subject', code, detail });
  if (hasControls(subject)) return refuse('injection', 'becomes a text with a control character (CR, LF, NUL ...)');
  if (subject.length > MAX_SUBJECT) return refuse('too_long', `becomes longer than ${MAX_SUBJECT} characters`);
  if (subject.trim() === '') return refuse('too_short', 'becomes empty');
  return undefined;
}

function bodyError(content: ContentSource): ContentError | undefined {
  const part = (['text', 'html'] as const).find((name) => content[name]?.includes('\0'));
  return part && { part, code: 'injection', detail: 'becomes a text with NUL' };
}

/** What liquidjs found, with its place as a person reads it. */
function wordsOf(error: unknown): string {
  if (error instanceof TookTooLong) return error.message;
  if (error instanceof RangeError) return 'it is nested too deeply, or becomes too long';
  if (!LiquidError.is(error)) return error instanceof Error ? error.message : String(error);
  const words = error.originalError?.message ?? error.message.replace(/, line:\d+, col:\d+$/, '');
  return `${words.slice(0, 300)} (${placeOf(error)})`;
}

function placeOf(error: unknown): string {
  if (!LiquidError.is(error)) return 'place unknown';
  const [line, column] = error.token.getPosition();
  return `line ${line}, column ${column}`;
}
