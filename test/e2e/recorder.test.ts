import { beforeAll, describe, expect, it } from 'vitest';
import type { HarEntry } from '../../src/cli/record/har.ts';
import { headerValue } from '../../src/cli/record/har.ts';
import { Recorder } from '../../src/cli/record/recorder.ts';
import { launchBrowser } from '../lab/browser.ts';
import { cdpOf } from '../lab/cdp.ts';
import { runScenario } from '../lab/scenarios.ts';
import { missingFor } from './needs.ts';

const missing = missingFor({ extension: false });

describe.skipIf(missing)(`the recorder${missing && ` (${missing})`}`, () => {
  let entries: readonly HarEntry[] = [];
  let pages = 0;
  const at = (path: string, method = 'GET') =>
    entries.filter(({ request }) => request.method === method && new URL(request.url).pathname === path);

  beforeAll(async () => {
    const browser = await launchBrowser({ headless: true });
    try {
      const recorder = await Recorder.start(await cdpOf(browser));
      const har = await runScenario(browser, 'v2-stepup-popup', () => recorder.har());
      entries = har.log.entries;
      pages = har.log.pages.length;
    } finally {
      await browser.close();
    }
  }, 60_000);

  it('sees the first request of a popup, and the redirect that ends it', () => {
    const [first] = at('/auth');
    expect(first?.response).toMatchObject({ status: 303 });
    const callback = at('/callback')[0];
    expect(callback?.pageref).toBe(first?.pageref);
    expect(callback?.pageref).not.toBe(entries[0]?.pageref);
    expect(pages).toBeGreaterThan(1);
    expect(entries.some(({ response }) => response.redirectURL === callback?.request.url)).toBe(true);
  });

  it('keeps bodies both ways, and drops those of scripts', () => {
    const [token] = at('/token', 'POST');
    expect(token?.request.postData?.text).toContain('grant_type=authorization_code');
    expect(JSON.parse(token?.response.content.text ?? '{}')).toHaveProperty('refresh_token');
    expect(at('/chat-v2.js')[0]?.response.content).not.toHaveProperty('text');
  });

  it('sees headers as they travelled', () => {
    const forbidden = entries.find(({ response }) => response.status === 403);
    expect(headerValue(forbidden?.request.headers ?? [], 'authorization')).toMatch(/^Bearer /);
    expect(headerValue(forbidden?.request.headers ?? [], 'origin')).toBeTruthy();
    expect(headerValue(forbidden?.response.headers ?? [], 'www-authenticate')).toContain('insufficient_scope');
    expect(entries.some(({ response }) => response.cookies.length > 0)).toBe(true);
  });

  it('joins preflights to their requests', () => {
    const preflights = entries.filter(({ _resourceType }) => _resourceType === 'preflight');
    expect(preflights.length).toBeGreaterThan(3);
    for (const { request, _initiator } of preflights) {
      expect(request.method).toBe('OPTIONS');
      expect(entries.some((entry) => entry._requestId === _initiator.requestId)).toBe(true);
    }
  });

  it('orders entries by their start and times them', () => {
    const starts = entries.map(({ startedDateTime }) => startedDateTime);
    expect(starts).toEqual([...starts].sort());
    for (const { time, timings } of entries) {
      const sum = Object.entries(timings).reduce((total, [, part]) => total + Math.max(0, part), 0);
      expect(Math.abs(sum - time)).toBeLessThan(5);
    }
  });
});
