import { describe, expect, it } from 'vitest';
import { Memory } from '../../../src/report/redaction/memory.ts';
import { type Kind, personalKinds } from '../../../src/report/redaction/names.ts';
import { Scribe } from '../../../src/report/redaction/scribe.ts';
import { Vault } from '../../../src/report/redaction/vault.ts';

describe('texts that were met before', () => {
  it('become the same again', () => {
    const vault = new Vault([], false, new Set());
    const reading = new Scribe(vault, null);
    const texts = [
      '{"access_token":"first-token-0123"}',
      'https://a.example/?code=first-code-0123',
      'Bearer second-0123',
    ];
    for (const text of [...texts, ...texts]) expect(reading.text(text)).toBe(text);
    const writing = new Scribe(vault, vault.seal());
    const shown = texts.map((text) => writing.text(text));
    expect(shown).toEqual(['{"access_token":"at-1"}', 'https://a.example/?code=code-1', 'Bearer at-2']);
    expect(texts.map((text) => writing.text(text))).toEqual(shown);
  });

  it('are read again where a kind stays readable: what was nothing then may be a secret now', () => {
    const value = 'somebody-0123456789';
    const kindAfter = (keeps: ReadonlySet<Kind>): Kind | undefined => {
      const vault = new Vault([], false, keeps);
      const reading = new Scribe(vault, null);
      reading.address(`https://a.example/?login_hint=${value}`);
      reading.name('cookie', value);
      reading.address(`https://a.example/?login_hint=${value}`);
      vault.seal();
      return [...vault.replaced()].find(({ original }) => original === value)?.kind;
    };
    expect(kindAfter(new Set())).toBe('login');
    expect(kindAfter(personalKinds)).toBe('login');
  });

  it('are forgotten when they are many, and told apart by their place', () => {
    const memory = new Memory<number>();
    memory.keep(0, 'text', 'shallow');
    memory.keep(1, 'text', 'deep');
    expect([memory.get(0, 'text'), memory.get(1, 'text'), memory.get(2, 'text')]).toEqual([
      'shallow',
      'deep',
      undefined,
    ]);
    for (let number = 0; number < 5000; number += 1) memory.keep(0, `${number}`, '');
    expect([memory.get(0, 'text'), memory.get(0, '4999')]).toEqual([undefined, '']);
  });
});
