import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const part = (text: string, name: string) => new RegExp(`^${name} as \\([^]*?^\\)`, 'm').exec(text)?.[0];

it.each(['moved', 'requeued', 'ended', 'recorded'])('%s is the same in both statements that settle', (name) => {
  const [plain, full] = [part(read('./settle.sql'), name), part(read('./settle-with-consequences.sql'), name)];
  expect(plain).toEqual(expect.any(String));
  expect(full).toBe(plain);
});
