import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extensionSettings, pageSettings } from '../../src/extension/panel/host/settings-store.ts';
import { defaultSettings, readSettings, type Settings } from '../../src/extension/settings.ts';

const suppression = fc.record({
  rule: fc.string({ minLength: 1, maxLength: 50 }),
  origin: fc.option(fc.webUrl(), { nil: null }),
});
const some: Settings = { ...defaultSettings, suppressions: [{ rule: 'a-rule', origin: 'https://mcp.example' }] };

describe('stored settings', () => {
  test('are read whatever they hold', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        const read = readSettings(stored);
        expect(readSettings(JSON.parse(JSON.stringify(read)))).toEqual(read);
      }),
    );
  });

  test('come back as written, without doubles', () => {
    fc.assert(
      fc.property(fc.uniqueArray(suppression, { selector: ({ rule, origin }) => `${rule} ${origin}` }), (list) => {
        const settings = { ...defaultSettings, suppressions: list };
        expect(readSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
        expect(readSettings({ suppressions: [...list, ...list] })).toEqual(settings);
      }),
    );
  });

  test('lose only what cannot be read', () => {
    const suppressions = [null, 7, { rule: '' }, { rule: 'a' }, { rule: 'b', origin: null }, { rule: 1, origin: null }];
    expect(readSettings({ version: 9, suppressions, other: 1 }).suppressions).toEqual([{ rule: 'b', origin: null }]);
  });
});

/** Two pages over one `storage.local`, as the browsers have it. */
function extensionStorage(): Parameters<typeof extensionSettings>[0] {
  const items: Record<string, unknown> = {};
  const listeners: ((changes: Record<string, { newValue?: unknown }>, area: string) => void)[] = [];
  return {
    local: {
      get: (key, found) => queueMicrotask(() => found({ [key]: items[key] })),
      set(changed) {
        Object.assign(items, JSON.parse(JSON.stringify(changed)));
        for (const [key, newValue] of Object.entries(changed))
          for (const hear of listeners) hear({ [key]: { newValue } }, 'local');
        return Promise.resolve();
      },
    },
    onChanged: { addListener: (listener) => void listeners.push(listener) },
  };
}

describe('the settings of a page', () => {
  test('are shared by all pages of the extension, and last', async () => {
    const storage = extensionStorage();
    const [one, other] = [await extensionSettings(storage), await extensionSettings(storage)];
    const heard: Settings[] = [];
    other.onChange((settings) => heard.push(settings));
    one.write(some);
    expect([one.current, other.current, heard.at(-1)]).toEqual([some, some, some]);
    expect((await extensionSettings(storage)).current).toEqual(some);
  });

  test('hold although the browser keeps nothing', async () => {
    const storage = extensionStorage();
    const refuse = () => Promise.reject(new Error('no room'));
    const settings = await extensionSettings({ ...storage, local: { ...storage.local, set: refuse } });
    settings.write(some);
    expect(settings.current).toEqual(some);
  });

  test('of an ordinary page survive damage', () => {
    const kept = new Map([['mcp-auth-inspector/settings', '{"suppr']]);
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => void kept.set(name, text),
    };
    const settings = pageSettings({ storage, addListener: () => {} });
    expect(settings.current).toEqual(defaultSettings);
    settings.write(some);
    expect(pageSettings({ storage, addListener: () => {} }).current).toEqual(some);
  });
});
