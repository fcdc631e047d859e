import { FIELD_CODES, type ProblemCode, PROBLEMS } from '#domain';
import { FIELD_REMEDIES, PROBLEM_REMEDIES } from './remedies.js';

const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem } code { font-size: 0.95em }
table { border-collapse: collapse } td { padding: 0.25rem 1rem 0.25rem 0; vertical-align: top }`;

/** Whether there is a page for this code. */
export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);

/** What the `type` of a problem leads to: a page for people (RFC 9457 3.1.1). Without scripts and without anything from elsewhere. */
export function problemPage(code: ProblemCode): string {
  const { status, title } = PROBLEMS[code];
  const others = Object.keys(PROBLEMS).map((other) => `<a href="/problems/${other}">${other}</a>`);
  return page(`${title} (${code})`, [
    `<h1>${escaped(title)}</h1>`,
    `<p>Status ${status}, code <code>${code}</code></p>`,
    `<p>${inWords(PROBLEM_REMEDIES[code])}</p>`,
    ...(code === 'validation_failed' ? [fieldTable()] : []),
    `<p><small>All problems: ${others.join(', ')}</small></p>`,
  ]);
}

const fieldTable = (): string =>
  `<table>${FIELD_CODES.map((code) => `<tr><td><code>${code}</code></td><td>${inWords(FIELD_REMEDIES[code])}</td></tr>`).join('')}</table>`;

const page = (title: string, parts: readonly string[]): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>
${parts.join('\n')}
</body>
</html>
`;

/** The remedies are Markdown, of which they use code only. */
const inWords = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
