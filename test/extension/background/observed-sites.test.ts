import { expect, test } from 'vitest';
import { observeSites, type ScriptingApi } from '../../../src/extension/background/observed-sites.ts';

type Script = Awaited<ReturnType<ScriptingApi['getRegisteredContentScripts']>>[number];

/** A browser that keeps what is registered. */
function scripting() {
  const scripts = new Map<string, Script>();
  const api: ScriptingApi = {
    getRegisteredContentScripts: async () => [...scripts.values()],
    registerContentScripts: async (list) => {
      for (const script of list) scripts.set(script.id, script as Script);
    },
    unregisterContentScripts: async (filter) => {
      for (const id of filter?.ids ?? []) scripts.delete(id);
    },
  };
  return { api, frames: () => [...scripts.values()].map(({ matches, allFrames }) => [matches?.[0], allFrames]) };
}

const patternOf = (origin: string): string => `${origin}/*`;
const [one, other] = ['https://one.example', 'https://other.example'];

test('the observer runs in top frames, and in frames of the sites for which that was chosen, until it no more is', async () => {
  const { api, frames } = scripting();
  const twice = <T>(value: T): T[] => [value, value];
  await observeSites(api, { origins: [one, other], framed: [other] }, patternOf);
  expect(frames()).toEqual([...twice([`${one}/*`, false]), ...twice([`${other}/*`, true])]);
  await observeSites(api, { origins: [one, other], framed: [] }, patternOf);
  expect(frames()).toEqual([...twice([`${one}/*`, false]), ...twice([`${other}/*`, false])]);
  await observeSites(api, { origins: [], framed: [] }, patternOf);
  expect(frames()).toEqual([]);
});
