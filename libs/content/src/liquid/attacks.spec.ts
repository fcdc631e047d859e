import { describe, expect, it } from '@jest/globals';
import { compileContent, type TemplateData } from './compile-content.js';

/** Far more than the caps: a busy machine gives this thread little of its time, and lets it try again. */
const PATIENCE_MS = 30_000;

function attack(template: string, data: TemplateData = {}, part: 'text' | 'html' = 'text') {
  const began = performance.now();
  const compiled = compileContent({ subject: 'Hi', text: null, html: null, [part]: template });
  const result = compiled.kind === 'compiled' ? compiled.content.render(data) : compiled;
  return { result, tookMs: performance.now() - began };
}

/** A text of 2^n times eight characters, as templates can make it. */
const doubling = (times: number) => `{% assign a = "aaaaaaab" %}${'{% assign a = a | append: a %}'.repeat(times)}`;

const tooDeep = '{% if true %}'.repeat(30_000);

describe('a template meant to do harm', () => {
  it.each([
    ['a huge range', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['a range of more than there are numbers', '{% for i in (1..1e400) %}x{% endfor %}{{ x }}'],
    ['loops in loops', `${'{% for i in (1..1000) %}'.repeat(8)}x${'{% endfor %}'.repeat(8)}`],
    ['loops that write nothing', `${'{% for i in (1..1000) %}'.repeat(8)}${'{% endfor %}'.repeat(8)}`],
    ['a table without end', '{% tablerow i in (1..1000000000) cols:1 %}x{% endtablerow %}'],
    ['a text that doubles', `${doubling(40)}{{ a }}`],
    [
      'captures that double',
      `{% capture a %}aaaaaaaa{% endcapture %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(40)}{{ a }}`,
    ],
    [
      'lists that double',
      `{% assign a = "a,b" | split: "," %}${'{% assign a = a | concat: a %}'.repeat(40)}{{ a | join }}`,
    ],
    ['replacing each by all', `${doubling(12)}${'{% assign a = a | replace: "a", a %}'.repeat(10)}{{ a }}`],
    ['a wide date', '{{ "now" | date: "%999999999Y" }}'],
    ['a long date', `{% assign f = "%A" %}${'{% assign f = f | append: f %}'.repeat(17)}{{ "now" | date: f }}`],
    [
      'sorting what is long',
      `${doubling(15)}{% assign l = a | split: "" %}${'{% assign l = l | sort_natural %}'.repeat(50)}{{ l | join }}`,
    ],
    [
      'a long property',
      `{% assign p = "a" %}${'{% assign p = p | append: ".a" | append: p %}'.repeat(15)}{{ l | where: p | join }}`,
    ],
    ['an output that is too long', `{% for i in (1..100000) %}${'x'.repeat(1_000)}{% endfor %}`],
    ['tags that go too deep', tooDeep],
    [
      'tags that seem to end',
      `${'{% if true %}'.repeat(40)}{% comment %}${'{% endif %}'.repeat(40)}{% endcomment %}`.repeat(500),
    ],
    ['names within names', `{{ ${'a['.repeat(100_000)}`],
    ['names within names, and end', `{{ ${'a['.repeat(100_000)}a${']'.repeat(100_000)} }}`],
    ['names within names that seem to end', `{{ ${'"]"['.repeat(100_000)} }}`],
    ['ranges within ranges', `{% for i in ${'('.repeat(100_000)}1..2${')'.repeat(100_000)} %}{% endfor %}`],
    ['tags that go too deep, and end', tooDeep + '{% endif %}'.repeat(30_000)],
  ])('is stopped: %s', (_, template) => {
    const { result, tookMs } = attack(template, { l: Array.from({ length: 3_000 }, () => ({ a: 1 })) });
    expect(result.kind).toBe('refused');
    expect(tookMs).toBeLessThan(PATIENCE_MS);
  });

  it.each([
    [
      'blanks for the filters that look for them',
      '{{ a | squish | truncatewords: 3 | strip_newlines | strip_html }}',
      ' ',
    ],
    ['tags that never close', '{{ a | strip_html | escape_once | newline_to_br }}', '<!--<script'],
    ['digits for a date', '{{ a | date: "%Y" }}', '1'],
    ['signs for an address in the web', '{{ a | url_decode | url_encode }}', '+'],
  ])('finds no expression to keep busy: %s', (_, template, shard) => {
    const { tookMs } = attack(template, { a: shard.repeat(100_000) });
    expect(tookMs).toBeLessThan(PATIENCE_MS);
  });

  it('is not read for ever: half a megabyte of whatever', () => {
    for (const shard of [
      '{{',
      '{%',
      '{% if a %}',
      '{{ a',
      '{{ a | ',
      '{% assign a = "',
      '{{ "',
      '{# ',
      '{% raw %}',
      '{% liquid\n',
      '[[',
      '{{ a[',
    ]) {
      const { tookMs } = attack(shard.repeat(524_288 / shard.length));
      expect([shard, tookMs < PATIENCE_MS]).toEqual([shard, true]);
    }
  });

  it('is stopped within one expression of half a megabyte', () => {
    const list = Array.from({ length: 4_000 }, () => 1);
    const cases = [
      `{% case a %}${'{% when b %}'.repeat(40_000)}{% endcase %}`,
      `{% if a == b ${'or a == b '.repeat(40_000)}%}x{% endif %}`,
    ];
    for (const template of cases)
      expect(attack(template, { a: [...list, 1], b: [...list, 2] }).tookMs).toBeLessThan(PATIENCE_MS);
  });

  it('sees nothing but its data', () => {
    const seen = (template: string) => attack(template, { user: { name: 'Ada' }, list: [1] }).result;
    for (const path of [
      'user.constructor',
      'user.hasOwnProperty',
      'list.map',
      'user.__proto__.polluted',
      'process',
      'globalThis',
    ])
      expect(seen(`{{ ${path} }}`)).toMatchObject({ kind: 'refused', error: { code: 'missing_variable' } });
  });

  it('leaves data and prototypes as they are', () => {
    const data = JSON.parse('{"__proto__": {"polluted": 1}, "a": {"__proto__": {"polluted": 2}}}') as TemplateData;
    const before = JSON.stringify(data);
    attack(
      '{% assign __proto__ = 1 %}{% assign a = 2 %}{% capture constructor %}3{% endcapture %}{{ a }}{{ constructor }}',
      data,
    );
    expect(JSON.stringify(data)).toBe(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('opens no file', () => {
    for (const template of [
      '{% include "package.json" %}',
      '{% render "package.json" %}',
      '{% layout "package.json" %}',
      '{% liquid\n include "package.json" %}',
    ])
      expect(attack(template).result).toMatchObject({ kind: 'refused', errors: [{ code: 'bad_template' }] });
  });

  it('stops nobody behind it', () => {
    attack('{% for i in (1..1000000) %}{% for j in (1..1000000) %}{% endfor %}{% endfor %}');
    expect(attack('{{ a | split: "," | join: "-" }}', { a: '1,2' }).result).toMatchObject({ text: '1-2' });
  });
});
