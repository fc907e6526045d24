import { describe, expect, test } from 'vitest';
import { type BlindSpot, blindSpots, type Sight, sightOfFile, spotsBehind } from '../../src/capture/blind-spots.ts';
import { hiddenSignals, tellsOfNoTraffic } from '../../src/capture/hidden-signals.ts';
import { analyze } from '../../src/report/analyze.ts';
import { missingSignals } from '../../src/rules/missing.ts';
import { recordings } from '../corpus/corpus.ts';
import { type HarEntry, type Traffic, traffic } from '../traffic/traffic.ts';

const live: Sight = { ...sightOfFile, live: true, recording: true, browser: 'chromium' };
const watching: Sight = { ...live, watching: true };

const analysisOf = (entries: readonly HarEntry[]) => analyze({ log: { entries } }, { name: 'traffic' });
const spotsOf = (log: Traffic, sight: Sight) => blindSpots(analysisOf(log.har().log.entries), sight);
const spot = (spots: readonly BlindSpot[], id: string) => spots.find((one) => one.id === id);

const signIn = () =>
  traffic()
    .challenge({ scope: 'r' })
    .prm()
    .asm({ scopes: ['r', 'offline_access'] })
    .reg()
    .az({ scope: 'r' })
    .tk();

/** The same sign-in as tier 0 sees it when a popup did the authorizing. */
function byPopup() {
  const { entries } = signIn().har().log;
  const kept = entries.filter((entry) => !JSON.stringify(entry).includes('code_challenge='));
  expect(kept.length).toBe(entries.length - 1);
  return analysisOf(kept);
}

describe('what a session could not show', () => {
  test('a code that was exchanged and an authorization request that was not seen: the popup was not watched', () => {
    const analysis = byPopup();
    const met = spot(blindSpots(analysis, live), 'popup-not-watched');
    expect(met).toMatchObject({ count: 1, switch: 'watch' });
    const rules = met?.effect.map((at) => analysis.result.outcomes[at]);
    expect(rules?.length).toBeGreaterThan(0);
    for (const outcome of rules ?? []) expect(outcome?.kind).toBe('open');
    expect(spot(blindSpots(analysis, sightOfFile), 'popup-not-watched')).toMatchObject({
      count: 1,
      switch: 'open-har',
    });
  });

  test('a whole sign-in that is watched hides nothing in a popup', () => {
    expect(spot(spotsOf(signIn(), watching), 'popup-not-watched')).toBeUndefined();
    expect(spot(spotsOf(signIn(), live), 'popup-not-watched')).toMatchObject({ count: 0, switch: 'watch' });
  });

  test('a token that no response issued: DevTools opened late', () => {
    const log = traffic().call('whoami', { token: 'issued-before-devtools-opened' });
    expect(spot(spotsOf(log, live), 'opened-late')).toMatchObject({ count: 1, switch: 'reload' });
    expect(spot(spotsOf(signIn(), live), 'opened-late')).toBeUndefined();
  });

  test("a shared worker is unseen until it is watched; Firefox's service workers too", () => {
    expect(spot(spotsOf(signIn(), live), 'shared-worker')).toMatchObject({ count: 0, switch: 'watch' });
    expect(spot(spotsOf(signIn(), live), 'service-worker')).toBeUndefined();
    expect(spot(spotsOf(signIn(), { ...live, browser: 'firefox' }), 'service-worker')).toBeDefined();
    expect(spot(spotsOf(signIn(), watching), 'shared-worker')).toBeUndefined();
  });

  test('what the recorder says it lost is told with its count', () => {
    const spots = spotsOf(signIn(), { ...watching, bodiless: 3, dropped: 7, recording: false, refused: true });
    expect(spots.map(({ id, count }) => `${id} ${count}`)).toEqual(
      expect.arrayContaining(['memory-full 3', 'dropped 7', 'paused 0', 'policy 1']),
    );
  });

  test('a browser without the interfaces says so, and offers no switch that would not work', () => {
    const spots = blindSpots(byPopup(), { ...live, offered: false });
    expect(spot(spots, 'not-offered')).toMatchObject({ count: 1, switch: null });
    expect(spot(spots, 'popup-not-watched')?.switch).toBeNull();
  });

  test('requests of which header fields were left out are counted; reloading brings them whole', () => {
    const inPart = signIn().altered((entry) => ({ ...entry, _headersLeftOut: true }));
    expect(spot(spotsOf(inPart, watching), 'headers-left-out')).toMatchObject({ count: 1, switch: 'reload' });
    expect(spot(spotsOf(inPart, live), 'headers-left-out')).toMatchObject({ count: 1, switch: 'watch' });
    expect(spot(spotsOf(inPart, sightOfFile), 'headers-left-out')).toMatchObject({ count: 1, switch: null });
    expect(spot(spotsOf(signIn(), watching), 'headers-left-out')).toBeUndefined();
  });

  test('an evicted body is counted where a rule would have read it', () => {
    const { entries } = signIn().har().log;
    const gone = entries.map((entry) => {
      const { response } = entry as unknown as { response: { content: { text?: string; size: number } } };
      if (response.content.text?.includes('access_token') !== true) return entry;
      return { ...entry, response: { ...response, content: { mimeType: 'application/json', size: 90 } } };
    });
    const spots = blindSpots(analysisOf(gone), watching);
    expect(spot(spots, 'body-gone')).toMatchObject({ count: 1, switch: 'reload' });
    expect(spot(spotsOf(signIn(), watching), 'body-gone')).toBeUndefined();
    expect(spot(spotsOf(signIn(), { ...watching, browser: 'firefox' }), 'body-gone')).toMatchObject({ count: 0 });
  });
});

describe('every undecided outcome', () => {
  const sights: readonly Sight[] = [live, watching, sightOfFile, { ...live, browser: 'firefox', dropped: 1 }];

  test.each(recordings('real').map(({ name, har }) => [name, har] as const))('of %s has its line', (name, har) => {
    const analysis = analyze(har, { name });
    for (const sight of sights) {
      const spots = blindSpots(analysis, sight);
      for (const [at, { kind }] of analysis.result.outcomes.entries()) {
        expect(spotsBehind(spots, at).length > 0).toBe(kind === 'open');
      }
      expect(new Set(spots.map(({ id }) => id)).size).toBe(spots.length);
    }
  });

  test('misses a signal that the table knows', () => {
    const known = new Set<string>([...Object.values(hiddenSignals).flat(), ...tellsOfNoTraffic]);
    expect(Object.keys(missingSignals).filter((signal) => !known.has(signal))).toEqual([]);
  });
});
