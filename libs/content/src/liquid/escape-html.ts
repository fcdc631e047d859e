import { Output } from './output.js';

const HTML = /[&<>"']/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A value as it may stand in html: between tags, and in an attribute in quotes. */
export function escapeHtml(value: unknown): string {
  const output = new Output();
  output.write(value);
  return output.buffer.replaceAll(HTML, (character) => ENTITIES[character] ?? '');
}
