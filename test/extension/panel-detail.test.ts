import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { values } from '../cli/fixtures.ts';
import { har, issuer, signIn } from '../report/hars.ts';
import { importText, openSample, openUndecided, type PanelPage, press, startPanelPage, textOf } from './panel-page.ts';
import { choose, jwksOf, openTokens } from './states/session.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 120_000);
afterAll(() => panel?.close());

describe('a finding', () => {
  test('is suppressed, counted, taken back at once, and later in the settings', async () => {
    const page = await panel.open();
    await openSample(page);
    const rule = await page.$eval('.outcome.open', (item) => item.getAttribute('data-rule'));
    const shown = (): Promise<number> => page.$$eval(`[data-rule="${rule}"]`, (items) => items.length);
    expect(await shown()).toBeGreaterThan(0);
    await choose(page, 'Suppress', 'Everywhere');
    await page.waitForSelector('.just-suppressed');
    expect(await shown()).toBe(0);
    expect(await textOf(page, '.statusbar')).toMatch(/\d suppressed/);
    expect(await page.$eval(':focus', (button) => button.textContent)).toBe('Undo');
    await press(page, 'Enter');
    await page.waitForSelector(`[data-rule="${rule}"]`);
    expect(await textOf(page, '.statusbar')).not.toContain('suppressed');

    await choose(page, 'Suppress', 'At http');
    await page.waitForSelector('.just-suppressed');
    await page.reload();
    await openSample(page);
    expect(await shown()).toBe(0);
    await press(page, ',');
    await page.locator('.suppressions button').click();
    await press(page, 'Escape');
    await page.waitForSelector(`[data-rule="${rule}"]`);
    await page.close();
  });

  test('that is open names what it waits for and the switch', async () => {
    const page = await panel.open();
    await openUndecided(page);
    await page.click('[data-kind=open] .outcome-head');
    expect(await textOf(page, '.would-decide')).toMatch(/Would be decided by: .+Why it cannot be told/);
    await page.close();
  });

  test('is copied as an issue, without leaving its place', async () => {
    const page = await panel.open();
    await openSample(page);
    await page.evaluate(() => {
      const kept: string[] = [];
      Object.assign(window, { kept });
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => void kept.push(text) },
      });
    });
    await choose(page, 'Copy', 'As an issue for the client');
    await page.waitForFunction(() => (window as unknown as { kept: string[] }).kept.length === 1);
    const text = await page.evaluate(() => (window as unknown as { kept: string[] }).kept[0]);
    expect(text).toMatch(/^## .+\n\nSeen in the HTTP traffic/);
    expect(await page.$eval(':focus', (button) => button.className)).toBe('menu-button');
    await page.close();
  });
});

describe('a token', () => {
  test('is checked by the keys of the recording, and nothing is asked of anybody', async () => {
    const page = await panel.open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await openTokens(page, true);
    await page.waitForSelector('.signature .badge.pass');
    expect(await textOf(page, '.signature')).toMatch(
      /right RS256 by the RSA key k1, thumbprint [\w-]{43}\..*Keys from #\d+/,
    );
    expect(asked.filter((url) => url.includes('/jwks'))).toEqual([]);
    await page.close();
  });

  test('is checked by pasted keys, after the address was shown whole', async () => {
    const page = await panel.open();
    const jwks = await openTokens(page, false);
    expect(await textOf(page, '.which-keys .key-address')).toBe(`${issuer}/jwks`);
    await page.type('.which-keys textarea', jwks);
    await page.locator('.which-keys .actions .quiet').click();
    await page.waitForSelector('.signature .badge.pass');
    await page.locator('.signature .link::-p-text(Other keys)').click();
    await page.type('.which-keys textarea', await jwksOf(generateKeyPairSync('rsa', { modulusLength: 2048 })));
    await page.locator('.which-keys .actions .quiet').click();
    await page.waitForSelector('.signature .badge.error');
    await page.close();
  });

  test('says whether audience, issuer and client agree with the traffic, and how long it lives', async () => {
    const page = await panel.open();
    await openTokens(page, true);
    const text = await textOf(page, '.token');
    for (const words of ['this MCP server', 'as in the metadata', 'the one that asked']) expect(text).toContain(words);
    expect(text).toMatch(/expires 59 min after the recording/);
    expect(await textOf(page, '.family .line')).toMatch(/code #8at-1rt-1/);
    await page.close();
  });
});

describe('an exchange', () => {
  test('is copied as cURL, redacted unless its secrets are asked for', async () => {
    const page = await panel.open();
    await importText(page, 'session.har', JSON.stringify(har(signIn(values))));
    await page.evaluate(() => {
      const kept: string[] = [];
      Object.assign(window, { kept });
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => void kept.push(text) },
      });
    });
    await press(page, 'j', 'End', '2');
    for (const [at, item] of ['As cURL', 'As cURL, secrets and all'].entries()) {
      await page.locator('.exchange-actions .menu-button').click();
      await page.locator(`[role=menuitem]::-p-text(${item})`).click();
      await page.waitForFunction(
        (times) => (window as unknown as { kept: string[] }).kept.length === times,
        {},
        at + 1,
      );
      await page.waitForFunction(() => document.querySelector('.exchange-actions')?.textContent?.includes('Copied'));
    }
    const [redacted = '', whole = ''] = await page.evaluate(() => (window as unknown as { kept: string[] }).kept);
    expect(redacted).toMatch(/^curl --url 'https:\/\/mcp\.example\.com\/mcp' \\\n/);
    expect(redacted).toContain("'Authorization: Bearer at-1'");
    expect(redacted).not.toContain(values.access);
    expect(whole).toContain(values.access);
    await page.close();
  });
});
