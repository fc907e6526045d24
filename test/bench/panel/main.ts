import { largestBatch, type RecorderMessage } from '../../../src/extension/channel.ts';
import { liveTraffic } from '../../../src/extension/panel/host/devtools-host.ts';
import { pageHost } from '../../../src/extension/panel/host/page-host.ts';
import { windowSettings } from '../../../src/extension/panel/host/settings-store.ts';
import { mount } from '../../../src/extension/panel/mount.tsx';
import { unknownState } from '../../../src/extension/watch-state.ts';

/** What the benchmark asks of the page, by name. */
export interface Bench {
  /** Sends the entries of a file (one JSON text a line) as the recorder sends a long log; ends when all are shown, ms. */
  load(file: string): Promise<number>;
  /** Sends entries one by one, so many a second; how long each took to be seen, ms. */
  trickle(file: string, perSecond: number): Promise<number[]>;
  /** Scrolls the flow from one end to the other, a pane's height each frame; how many frames that took. */
  scroll(): Promise<number>;
}

const name = 'bench';
const session = 'bench-0';
const recorder = new BroadcastChannel(name);
const say = (message: RecorderMessage): void => recorder.postMessage(message);
let sent = 0;

const begin = {
  kind: 'begin',
  session,
  recording: true,
  bodiless: 0,
  dropped: 0,
  stale: false,
  state: unknownState,
} as const;
recorder.onmessage = () => {
  if (sent === 0) say({ ...begin, since: Date.now() });
};
await mount({ ...pageHost(windowSettings()), live: liveTraffic(new BroadcastChannel(name)) });

const frame = (): Promise<number> => new Promise((drawn) => requestAnimationFrame(drawn));
const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

/** How many exchanges the panel says that it shows. */
function shown(): number {
  return Number.parseInt(document.querySelector('.statusbar')?.textContent ?? '', 10) || 0;
}

async function entriesOf(file: string): Promise<unknown[]> {
  const text = await (await fetch(file)).text();
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

function send(entries: readonly unknown[]): void {
  say({ kind: 'entries', session, first: sent, entries });
  sent += entries.length;
}

const bench: Bench = {
  async load(file) {
    const entries = await entriesOf(file);
    const began = performance.now();
    for (let at = 0; at < entries.length; at += largestBatch) {
      send(entries.slice(at, at + largestBatch));
      await pause(0);
    }
    entries.length = 0;
    while (shown() < sent) await frame();
    return performance.now() - began;
  },

  async trickle(file, perSecond) {
    const entries = await entriesOf(file);
    const waiting: { readonly place: number; readonly at: number }[] = [];
    const times: number[] = [];
    // What the status bar counts, the verdicts above it have judged: both are drawn from one analysis.
    const watch = new MutationObserver(() => {
      const count = shown();
      requestAnimationFrame(() =>
        setTimeout(() => {
          const now = performance.now();
          while ((waiting[0]?.place ?? Number.POSITIVE_INFINITY) < count)
            times.push(now - (waiting.shift()?.at ?? now));
        }),
      );
    });
    const bar = document.querySelector('.statusbar');
    if (bar !== null) watch.observe(bar, { characterData: true, childList: true, subtree: true });
    const began = performance.now();
    for (const [index, entry] of entries.entries()) {
      await pause(began + (index * 1000) / perSecond - performance.now());
      waiting.push({ place: sent, at: performance.now() });
      send([entry]);
    }
    while (waiting.length > 0) await frame();
    watch.disconnect();
    return times;
  },

  async scroll() {
    const pane = document.querySelector('.lines');
    if (pane === null) return 0;
    let frames = 0;
    pane.scrollTop = 0;
    while (pane.scrollTop + pane.clientHeight < pane.scrollHeight - 1) {
      pane.scrollTop += Math.max(pane.clientHeight, pane.scrollHeight / 1_000);
      frames += 1;
      await frame();
    }
    return frames;
  },
};
Object.assign(window, { bench });
