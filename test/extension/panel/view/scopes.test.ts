import { describe, expect, test } from 'vitest';
import { type ScopeEvent, scopeMatrices } from '../../../../src/extension/panel/view/scopes.ts';
import { indexStory } from '../../../../src/extension/panel/view/story-index.ts';
import { analyze } from '../../../../src/report/analyze.ts';
import { type Traffic, traffic } from '../../../traffic/traffic.ts';

const matrixOf = (log: Traffic) => {
  const [matrix] = scopeMatrices(indexStory(analyze(log.har(), { name: 'x.har' })));
  if (matrix === undefined) throw new Error('no matrix');
  return matrix;
};
const of = (events: readonly ScopeEvent[], kind: ScopeEvent['kind']) =>
  events.filter((event) => event.kind === kind).map(({ states }) => Object.fromEntries(states));

const signedIn = (scope: string) =>
  traffic()
    .challenge({ scope })
    .prm()
    .asm({ scopes: ['r', 'w'] })
    .reg()
    .az({ scope })
    .tk({ scope });

describe('scopes over time', () => {
  const replaced = matrixOf(signedIn('r').call().call().forbidden('w').az({ scope: 'w' }).tk({ scope: 'w' }).call());

  test('show what a replacement lost, at the request and at the grant', () => {
    expect(of(replaced.events, 'authorize')).toEqual([{ r: 'requested' }, { w: 'requested', r: 'lost' }]);
    expect(of(replaced.events, 'token')).toEqual([{ r: 'granted' }, { w: 'granted', r: 'lost' }]);
    expect(of(replaced.events, 'challenge')).toEqual([{ r: 'challenged' }, { w: 'challenged' }]);
  });

  test('show what the token at hand holds', () => {
    const held = replaced.events.map((event) => [event.kind, ...event.held].join(' '));
    expect(held).toEqual(expect.arrayContaining(['use r', 'challenge r', 'authorize r', 'token w', 'use w']));
    expect(replaced.events[0]?.held.size).toBe(0);
  });

  test('name the union that should have been requested', () => {
    expect(replaced.losses).toMatchObject([{ lost: ['r'], union: ['r', 'w'] }]);
    expect(replaced.union).toEqual(['r', 'w']);
  });

  test('gather what is alike in a row', () => {
    const [first] = replaced.events.filter(({ kind }) => kind === 'use');
    expect(first).toMatchObject({ times: 2 });
  });

  test('show what the server withheld, and lose nothing when scopes accumulate', () => {
    const withheld = matrixOf(signedIn('r').forbidden('w').az({ scope: 'r w' }).tk({ scope: 'r' }));
    expect(of(withheld.events, 'token').at(-1)).toEqual({ r: 'granted', w: 'refused' });
    expect(withheld.losses).toEqual([]);
  });
});
