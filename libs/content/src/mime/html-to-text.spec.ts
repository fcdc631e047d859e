import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { htmlToText } from './html-to-text.js';

describe('text derived from HTML', () => {
  it.each([
    ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
    ['One<br>Two<br/>Three', 'One\nTwo\nThree'],
    ['One<br><br>Two', 'One\n\nTwo'],
    ['<div>One</div>\n  <div>Two</div>', 'One\nTwo'],
    ['<ul><li>One</li><li>Two</li></ul>', '- One\n- Two'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['<b>bold</b>er <i> and </i> spaced', 'bolder and spaced'],
    ['<a href="https://acme.test/?a=1&amp;b=2">Open</a> it', 'Open (https://acme.test/?a=1&b=2) it'],
    ['<a href="https://acme.test">https://acme.test</a>', 'https://acme.test'],
    ["<a href='mailto:ada@acme.test'>Ada</a>", 'Ada (ada@acme.test)'],
    ['<a href="javascript:alert(1)">x</a><a href="#top">y</a>', 'xy'],
    ['<img src="cid:1" alt="Our logo">', 'Our logo'],
    ['<html><head><title>T</title></head><body><style>p{}</style>Hi<script>1<2</script></body>', 'Hi'],
    ['a<!-- <p>hidden</p> -->b', 'ab'],
    ['1 &lt; 2 &amp;&amp; x &#8364; &#x20AC; &unknown; &nbsp;z', '1 < 2 && x € € &unknown; z'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['&#0;&#xD800;&#13;ok', 'ok'],
    ['<p', ''],
    ['<style>never closed', ''],
    ['', ''],
  ])('%j reads %j', (html, text) => expect(htmlToText(html)).toBe(text));

  it.each(['<', '<!--', '<a "', '<style>', '<a href="', '&#', '<a href ', '</p', '<br>', '<li>', '<a>x', '  '])(
    'takes linear time for 500,000 characters of %j',
    (piece) => {
      const html = piece.repeat(500_000 / piece.length);
      const began = performance.now();
      htmlToText(html);
      expect(performance.now() - began).toBeLessThan(20_000); // were it not linear it would take many minutes
    },
  );

  it('never fails and never keeps an unfinished space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (html) => {
        const text = htmlToText(html);
        expect(text).toBe(text.trim());
      }),
    );
  });
});
