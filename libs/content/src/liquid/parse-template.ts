import { type Liquid, Parser, type Template, Tokenizer, type TopLevelToken, TypeGuards } from 'liquidjs';

const MAX_DEPTH = 50;
/** In one tag. */
const MAX_BRACKETS = 100;

/** It could not be read without going so deep that V8 gives up. */
export class TooDeep extends Error {
  constructor() {
    super(`it is nested deeper than ${MAX_DEPTH}`);
  }
}

/**
 * Reads a template. Whoever reads and writes it goes as deep as it is nested, and where V8 has little of the stack left it ends the
 * whole process instead of throwing (a regular expression that is compiled there): so depth is looked at first, without going in.
 */
export function parseTemplate(liquid: Liquid, source: string): Template[] {
  const tokens = new Tokenizer(source, liquid.options.operators).readTopLevelTokens(liquid.options);
  refuseDepth(tokens);
  return new Parser(liquid).parseTokens(tokens);
}

/** Tags that end with a tag of their own. */
const BLOCKS = new Set(['if', 'unless', 'case', 'for', 'tablerow', 'capture', 'raw']);

function refuseDepth(tokens: readonly TopLevelToken[]): void {
  let depth = 0;
  let isComment = false; // what stands in one is skipped, ends and all
  for (const token of tokens) {
    if (TypeGuards.isHTMLToken(token)) continue;
    if (TypeGuards.isTagToken(token)) isComment = isComment ? token.name !== 'endcomment' : token.name === 'comment';
    if (isComment) continue;
    if (bracketsIn(token.getText()) > MAX_BRACKETS) throw new TooDeep();
    if (!TypeGuards.isTagToken(token)) continue;
    if (BLOCKS.has(token.name)) depth += 1;
    else if (token.name !== 'endcomment' && token.name.startsWith('end')) depth = Math.max(0, depth - 1);
    if (depth > MAX_DEPTH) throw new TooDeep();
  }
}

/** Of `a[b[c]]` and `((1..2)..3)`. What closes is not believed: it may stand in quotes. */
const bracketsIn = (expression: string): number => expression.match(/[[(]/g)?.length ?? 0;
