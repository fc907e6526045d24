import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as scopes from '../../src/protocol/scope.ts';
import { order, repeated } from '../linear.ts';

describe('scope', () => {
  it('splits on spaces, drops empties and repetitions, keeps order and case', () => {
    expect(scopes.parseScope('  b a  B a ')).toEqual(['b', 'a', 'B']);
    expect(scopes.parseScope('')).toEqual([]);
    expect(scopes.parseScope('a,b c')).toEqual(['a,b', 'c']);
  });

  it('takes commas as separators only in reports without spaces', () => {
    expect(scopes.parseReportedScope('repo,gist,repo')).toEqual(['repo', 'gist']);
    expect(scopes.parseReportedScope('a,b c')).toEqual(['a,b', 'c']);
    expect(scopes.parseReportedScope('a')).toEqual(['a']);
  });

  it('names what is repeated, and sees emptiness', () => {
    expect(scopes.scopeTextProblems('a b a a')).toEqual({ duplicates: ['a'], empty: false });
    expect(scopes.scopeTextProblems('  ')).toEqual({ duplicates: [], empty: true });
  });

  it('knows which name includes which', () => {
    const covered: [string, string][] = [
      ['files', 'files'],
      ['files', 'files:read'],
      ['files', 'files.read'],
      ['https://a/x', 'https://a/x/y'],
      ['files:*', 'files:read'],
      ['*', 'anything'],
    ];
    for (const [broad, narrow] of covered) expect(scopes.covers(broad, narrow), `${broad} ${narrow}`).toBe(true);
    const uncovered: [string, string][] = [
      ['files', 'filesystem'],
      ['files:read', 'files'],
      ['Files', 'files:read'],
      ['', ':x'],
      ['files:*', 'file'],
    ];
    for (const [broad, narrow] of uncovered) expect(scopes.covers(broad, narrow), `${broad} ${narrow}`).toBe(false);
  });

  it('has the laws of sets', () => {
    const set = fc.array(fc.constantFrom('a', 'b', 'c', 'D', '__proto__'), { maxLength: 6 });
    fc.assert(
      fc.property(set, set, (a, b) => {
        const all = scopes.union(a, b);
        expect(scopes.includesAll(all, a) && scopes.includesAll(all, b)).toBe(true);
        expect(scopes.equalScopes(all, scopes.union(b, a))).toBe(true);
        expect(scopes.equalScopes(scopes.union(scopes.minus(a, b), scopes.intersect(a, b)), a)).toBe(true);
        expect(scopes.intersect(scopes.minus(a, b), b)).toEqual([]);
        expect(scopes.equalScopes(a, b)).toBe(scopes.minus(a, b).length + scopes.minus(b, a).length === 0);
      }),
    );
  });

  it('reads back what it joins, and takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = scopes.parseScope(text);
        expect(scopes.parseScope(parsed.join(' '))).toEqual(parsed);
        expect(scopes.scopeTextProblems(text).empty).toBe(parsed.length === 0);
        scopes.parseReportedScope(text);
      }),
    );
  });

  it.each([' ', 'a ', ',', 'ab'])('is linear on %j', (piece) => {
    expect(order(scopes.parseReportedScope, (n) => repeated(piece, n))).toBeLessThan(1.7);
  });
});
