import { expect, test } from 'vitest';
import { engine } from '../../../src/extension/panel/engine.ts';
import { layOutFlow } from '../../../src/extension/panel/view/flow.ts';
import { flowLines } from '../../../src/extension/panel/view/lines.ts';
import { gatherSecrets, HeaderSecrets } from '../../../src/extension/panel/view/secrets.ts';
import { indexStory } from '../../../src/extension/panel/view/story-index.ts';
import { TimeOrder } from '../../../src/extension/panel/view/time-order.ts';
import { browsingEntries } from '../../bench/browsing.ts';
import { longSession } from '../../bench/session.ts';

/** Median time of what a panel does after each of the last entries of a session, milliseconds. */
function refreshTime(entries: readonly object[]): number {
  const session = engine.live('live');
  const [order, headers] = [new TimeOrder(), new HeaderSecrets()];
  const refresh = (): void => {
    const index = indexStory(session.analysis());
    const flow = layOutFlow(index, false, order);
    flowLines(flow, index, null, new Set());
    gatherSecrets(index, headers);
  };
  for (const entry of entries.slice(0, -40)) session.add(entry);
  refresh();
  const times = entries.slice(-40).map((entry) => {
    session.add(entry);
    const began = performance.now();
    refresh();
    return performance.now() - began;
  });
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? Number.NaN;
}

test('a verdict late in a session costs little more than an early one', () => {
  const early = refreshTime(longSession(1_000));
  const late = refreshTime(longSession(16_000));
  // Of the work that grows with the session only what is done on columns of numbers is left.
  expect(late / early).toBeLessThan(4);
}, 120_000);

test('the live session keeps what is outside the story slim, and hands all of it to an export', () => {
  const calls = longSession(50);
  const others = [...browsingEntries(300, Date.parse(String(calls[0]?.startedDateTime)))];
  const session = engine.live('live');
  for (const entry of [...calls, ...others]) session.add(entry);
  const analysis = session.analysis();
  const { entries } = analysis.log as { readonly entries: readonly { readonly request: { readonly url: string } }[] };
  expect(entries).toHaveLength(calls.length + others.length);
  expect(entries.map(({ request }) => request.url)).toEqual(
    [...calls, ...others].map((entry) => (entry as { request: { url: string } }).request.url),
  );
  const slim = JSON.stringify(entries.slice(calls.length)).length;
  expect(slim).toBeLessThan(JSON.stringify(others).length / 1.5);
});
