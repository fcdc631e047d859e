import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileContent, type ContentSource, type TemplateData, variablesOf } from './compile-content.js';

const source = (wish: Partial<ContentSource>): ContentSource => ({ subject: 'Hi', text: null, html: null, ...wish });

function compiled(wish: Partial<ContentSource>) {
  const result = compileContent(source(wish));
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.errors));
  return result.content;
}
const rendered = (wish: Partial<ContentSource>, data: TemplateData = {}) => compiled(wish).render(data);
const text = (template: string, data: TemplateData = {}) => {
  const result = rendered({ text: template }, data);
  return result.kind === 'rendered' ? result.text : result.error;
};
const html = (template: string, data: TemplateData = {}) => {
  const result = rendered({ html: template }, data);
  return result.kind === 'rendered' ? result.html : result.error;
};
const errorsOf = (wish: Partial<ContentSource>) => {
  const result = compileContent(source(wish));
  return result.kind === 'refused' ? result.errors : [];
};

describe('a content with placeholders', () => {
  it('shows the data of its recipient in subject, text and html', () => {
    const content = compiled({ subject: 'Hi {{ name }}', text: '{{ name }}!', html: '<b>{{ name }}</b>' });
    expect(content.render({ name: 'Ada' })).toEqual({
      kind: 'rendered',
      subject: 'Hi Ada',
      text: 'Ada!',
      html: '<b>Ada</b>',
    });
    expect(content.render({ name: 'Bob' })).toMatchObject({ subject: 'Hi Bob' });
  });

  it('escapes values in html only', () => {
    const data = { name: `<img src=x onerror="alert('&')">` };
    expect(html('{{ name }}', data)).toBe('&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;');
    expect(html('{{ list }}', { list: ['<', ['>']] })).toBe('&lt;&gt;');
    expect(html('{{ name | raw }}', data)).toBe(data.name);
    expect(text('{{ name }}', data)).toBe(data.name);
    expect(rendered({ subject: '{{ name }}' }, data)).toMatchObject({ subject: data.name });
  });

  it('never lets a value write markup into html', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0')),
        (value) => {
          const shown = html('<p title="{{ v }}">{{ v | upcase }}{% echo v %}</p>', { v: value });
          expect(shown).toEqual(expect.stringMatching(/^<p title="[^<>"']*">[^<>"']*<\/p>$/u));
        },
      ),
    );
  });

  it('loops, branches, assigns and captures', () => {
    expect(
      text('{% for i in items %}{{ forloop.index }}:{{ i.n }} {% endfor %}', { items: [{ n: 'a' }, { n: 'b' }] }),
    ).toBe('1:a 2:b ');
    expect(text('{% if vip %}gold{% else %}plain{% endif %}', {})).toBe('plain');
    expect(text('{% assign a = n | plus: 1 %}{{ a }}', { n: 1 })).toBe('2');
    expect(text('{% capture a %}<{{ n }}>{% endcapture %}{{ a }}{{ a }}', { n: 1 })).toBe('<1><1>');
    expect(text('{{ names | sort | join: ", " }}', { names: ['b', 'a'] })).toBe('a, b');
    expect(text('{{ at | date: "%Y-%m-%d %H:%M" }}', { at: '2027-01-05T09:00:00Z' })).toBe('2027-01-05 09:00');
  });
});

describe('a variable that is missing', () => {
  it.each([
    ['{{ name }}', 'name'],
    ['{{ user.name }}', 'user.name'],
    ['a\n {% for i in items %}{% endfor %}', 'items'],
    ['{% assign a = name %}', 'name'],
    ['{{ "a" | append: name }}', 'name'],
    ['{{ constructor }}', 'constructor'],
    ['{{ user.__proto__ }}', 'user.__proto__'],
    ['{{ user.constructor.name }}', 'user.constructor'],
    ['{{ __proto__ }}', '__proto__'],
    ['{{ user["toString"] }}', 'user.toString'],
  ])('is an error that names it: %s', (template, variable) => {
    expect(text(template, { user: {} })).toMatchObject({ code: 'missing_variable', variable, part: 'text' });
  });

  it('is none where the template only asks for it', () => {
    expect(text('{{ name | default: "friend" }}')).toBe('friend');
    expect(text('{% assign n = name | default: "friend" %}{{ n }}')).toBe('friend');
    expect(text('{% if name %}{{ name }}{% endif %}{% unless name %}-{% endunless %}')).toBe('-');
    expect(text('{% case name %}{% when "a" %}a{% else %}b{% endcase %}')).toBe('b');
  });

  it('is not one that is there and empty', () => {
    expect(text('[{{ a }}{{ b }}]', { a: null, b: '' })).toBe('[]');
  });
});

describe('what a content needs', () => {
  it('is known without any data, with paths', () => {
    const content = compiled({
      subject: 'Hi {{ name }}',
      text: '{{ user.address.city }} {% for i in items %}{{ i.price }}{{ forloop.index }}{% endfor %} {{ items.size }}',
      html: '{% assign x = code %}{{ x }}{{ list[0].a }}{{ user[key] }}',
    });
    expect(variablesOf(content).names).toEqual(['name', 'user', 'items', 'code', 'list', 'key']);
    expect(variablesOf(content).paths).toEqual(
      expect.arrayContaining(['name', 'user.address.city', 'items', 'code', 'list', 'user', 'key']),
    );
  });

  it('leaves out what it only asks for', () => {
    const content = compiled({
      text: '{{ a | default: b }}{% if c and d == "x" %}{{ e }}{% elsif f %}{% endif %}{% case g %}{% when h %}{% endcase %}',
    });
    expect(variablesOf(content).names).toEqual(['b', 'e']);
  });

  it('is everything: with that much data nothing is missing', () => {
    const content = compiled({ text: '{{ a }}{{ b.c }}{% if d %}{{ e }}{% endif %}' });
    const data = Object.fromEntries(variablesOf(content).names.map((name) => [name, { c: 1 }]));
    expect(content.render(data)).toMatchObject({ kind: 'rendered' });
  });
});

describe('a template that is not Liquid', () => {
  it.each([
    ['{{ name', 'line 1, column 1'],
    ['a\n  {% if x %}', 'line 2, column 3'],
    ['{% nonsense %}', 'line 1, column 1'],
    ['{{ a | nonsense }}', 'line 1'],
    ['{% endif %}', 'line 1'],
  ])('is refused, and told where: %s', (template, place) => {
    const [error] = errorsOf({ html: template });
    expect(error).toMatchObject({ part: 'html', code: 'bad_template', detail: expect.stringContaining(place) });
  });

  it('is refused in each part', () => {
    expect(errorsOf({ subject: '{{', text: '{%', html: 'fine' }).map(({ part }) => part)).toEqual(['subject', 'text']);
  });

  it.each(['include', 'render', 'layout', 'block', 'increment', 'decrement'])('may not %s', (tag) => {
    expect(errorsOf({ text: `{% ${tag} "/etc/passwd" %}` })).toMatchObject([{ code: 'bad_template' }]);
  });

  it.each([
    'where_exp: "x", "1"',
    'group_by: "x"',
    'push: 1',
    'sample',
    'sha256',
    'base64_decode',
    'inspect',
    'find: "a"',
  ])('may not use the filter %s', (filter) =>
    expect(errorsOf({ text: `{{ a | ${filter} }}` })).toMatchObject([{ code: 'bad_template' }]),
  );

  it('never makes the reader throw', () => {
    const shards = [
      '{{',
      '}}',
      '{%',
      '%}',
      ' if ',
      'for i in ',
      'a',
      '|',
      '"',
      '.',
      '[',
      ']',
      'endif',
      '\n',
      '(1..',
      ')',
      'liquid',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...shards), { maxLength: 30 }), (pieces) => {
        const result = compileContent(source({ text: pieces.join('') }));
        if (result.kind === 'compiled') result.content.render({ a: 'x' });
      }),
    );
  });
});

describe('a subject', () => {
  it.each(['\r\nBcc: eve@example.com', '\n', '\r', '\0', '\u0085', '\u2028'])('never holds %j of a value', (value) => {
    expect(rendered({ subject: 'Hi {{ v }}' }, { v: value })).toMatchObject({
      kind: 'refused',
      error: { part: 'subject', code: 'injection' },
    });
  });

  it('is refused when it is made of whatever would be a line end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const result = rendered({ subject: 'Hi {{ v }}' }, { v: value });
        return result.kind === 'refused' || !/[\r\n\0]/.test(result.subject);
      }),
    );
  });

  it('is refused when it becomes too long, or empty', () => {
    expect(rendered({ subject: '{{ v }}' }, { v: 'x'.repeat(999) })).toMatchObject({ error: { code: 'too_long' } });
    expect(rendered({ subject: '{{ v }}' }, { v: ' ' })).toMatchObject({ error: { code: 'too_short' } });
  });

  it('is not the only one: no body may hold NUL', () => {
    expect(html('{{ v }}', { v: '\0' })).toMatchObject({ code: 'injection' });
  });
});
