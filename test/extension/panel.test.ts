import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  importText,
  openSample,
  openUndecided,
  type PanelPage,
  press,
  sizes,
  startPanelPage,
  textOf,
} from './panel-page.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await startPanelPage();
}, 120_000);
afterAll(() => panel?.close());

describe('over the sample session', () => {
  test('every outcome and every row says what it is', async () => {
    const page = await panel.open();
    await openSample(page);
    const outcomes = await page.$$eval('[data-rule]', (items) =>
      items.map((item) => {
        const { rule, kind, level, party } = (item as HTMLElement).dataset;
        return { rule, kind, level, party };
      }),
    );
    expect(outcomes).toContainEqual({
      rule: 'sep-2350-scope-union-on-reauth',
      kind: 'fail',
      level: 'warning',
      party: 'client',
    });
    expect(outcomes.some(({ kind }) => kind === 'pass')).toBe(true);
    const rows = await page.$$eval('[data-entry]', (items) =>
      items.map((item) => ({ ...(item as HTMLElement).dataset })),
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.every(({ entry, status }) => Number(entry) >= 0 && Number(status) >= 0)).toBe(true);
    expect(await page.$$eval('[data-verdict]', (cells) => cells.length)).toBe(4);
    await page.close();
  });

  test.each(Object.keys(sizes) as (keyof typeof sizes)[])(
    'docked at the %s it fits: nothing spills',
    async (docking) => {
      const page = await panel.open('light', docking);
      await openSample(page);
      const [width, height] = sizes[docking];
      const boxes = await page.$$eval('.toolbar, .strip, .flow, .detail, .statusbar', (parts) =>
        parts.map((part) => {
          const { left, right, top, bottom } = part.getBoundingClientRect();
          return { name: part.className, left, right, top, bottom };
        }),
      );
      expect(boxes).toHaveLength(5);
      for (const box of boxes) {
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(width);
        expect(box.bottom).toBeLessThanOrEqual(height);
      }
      const toolbar = boxes.find(({ name }) => name === 'toolbar');
      expect((toolbar?.bottom ?? 99) - (toolbar?.top ?? 0)).toBeLessThan(32);
      await page.close();
    },
  );

  test('a click on evidence marks the exact characters in the exchange', async () => {
    const page = await panel.open();
    await openSample(page);
    const quoted = await textOf(page, '.outcome.open .evidence mark');
    await page.click('.outcome.open .evidence .entry');
    await page.waitForSelector('.wire mark');
    expect(await textOf(page, '.wire mark')).toBe(quoted);
    const [inside, still] = await page.evaluate(() => {
      const mark = document.querySelector('.wire mark')?.getBoundingClientRect();
      const pane = document.querySelector('.wire')?.getBoundingClientRect();
      const visible = mark && pane && mark.top >= pane.top && mark.bottom <= pane.bottom;
      return [visible, document.scrollingElement?.scrollTop === 0];
    });
    expect(inside).toBe(true);
    expect(still).toBe(true);
    await page.close();
  });

  test('every piece of evidence of the gravest finding leads to its own characters', async () => {
    const page = await panel.open('dark', 'right');
    await openSample(page);
    const quotes = await page.$$eval('.outcome.open .evidence li', (items) =>
      items.map((item) => [...item.querySelectorAll('mark')].map((mark) => mark.textContent).join('')),
    );
    expect(quotes.length).toBeGreaterThan(1);
    for (const [at, quote] of quotes.entries()) {
      await press(page, '1');
      await page.$$eval('.outcome.open .evidence .entry', (links, place) => (links[place] as HTMLElement).click(), at);
      await page.waitForSelector('.wire mark');
      const marked = await page.$$eval('.wire mark', (marks) => marks.map((mark) => mark.textContent).join(''));
      if (quote !== '') expect(marked).toBe(quote);
      else expect(marked.length).toBeGreaterThan(0);
    }
    await page.close();
  });

  test('keys move, open, filter and close', async () => {
    const page = await panel.open();
    await openSample(page);
    await press(page, 'j', 'j', 'Enter');
    expect(await page.$eval('[aria-selected=true][role=tab]', (tab) => tab.id)).toBe('tab-exchange');
    expect(await page.$eval('.row.selected', (row) => row.getAttribute('data-status'))).toBe('401');
    await press(page, 'ArrowLeft', 'ArrowLeft');
    expect(await page.$eval('.group.selected', (group) => group.getAttribute('aria-expanded'))).toBe('false');
    await press(page, 'ArrowRight', '/');
    await page.keyboard.type('status:403');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[data-entry]')].every((row) => row.getAttribute('data-status') === '403'),
    );
    await press(page, 'Escape');
    expect(await page.$eval('#filter', (input) => (input as HTMLInputElement).value)).toBe('');
    await press(page, 'n');
    expect(await page.$eval('[aria-selected=true][role=tab]', (tab) => tab.id)).toBe('tab-finding');
    await press(page, '?');
    await page.waitForSelector('dialog[open]');
    await press(page, 'Escape');
    await page.waitForSelector('dialog[open]', { hidden: true });
    await page.close();
  });

  test('an outcome that stays open leads to what could not be seen, and back', async () => {
    const page = await panel.open();
    await openUndecided(page);
    await page.$eval('.outcome[data-kind=open] .outcome-head', (head) => (head as HTMLElement).click());
    await page.locator('.outcome.open .would-decide .link').click();
    await page.waitForSelector('.blind-spots .pointed summary');
    const open = await page.$$eval('.outcome[data-kind=open]', (items) => items.length);
    const effects = await page.$$eval('.blind-spots summary', (items) => items.map((item) => item.textContent ?? ''));
    const sum = effects.reduce((total, text) => total + Number.parseInt(text, 10), 0);
    expect(sum).toBeGreaterThanOrEqual(open);
    await page.$eval('.blind-spots .pointed summary', (summary) => (summary as HTMLElement).click());
    await page.locator('.blind-spots .pointed .link').click();
    await page.waitForSelector('dialog[open]', { hidden: true });
    expect(await page.$eval('.outcome.open', (item) => item.getAttribute('data-kind'))).toBe('open');
    await page.close();
  });

  test('what is read and kept, and why, is told in the panel', async () => {
    const page = await panel.open();
    await openSample(page);
    await press(page, 'b');
    await page.locator('dialog[open] > .link').click();
    await page.waitForSelector('dialog[open] .rule-page');
    expect(await textOf(page, 'dialog[open] .rule-page')).toContain('Nothing. There is no telemetry');
    await page.close();
  });

  test('a filter that matches nothing says so and offers the way back', async () => {
    const page = await panel.open();
    await openSample(page);
    await page.type('#filter', 'nothing like this');
    await page.locator('.flow .nothing button').click();
    await page.waitForSelector('[data-entry]');
    await page.close();
  });
});

const token = 'opaque-0123456789-abcdefghij';
const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202eevil\u0007';

/** One MCP call with a token, answered with markup and control characters wherever a server can put them. */
function hostileHar(): string {
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: markup, arguments: { a: markup } } };
  const entry = {
    startedDateTime: '2026-01-01T00:00:00.000Z',
    time: 5,
    request: {
      method: 'POST',
      url: `https://mcp.example/mcp?x=${markup}`,
      headers: [
        { name: 'Authorization', value: `Bearer ${token}` },
        { name: 'Accept', value: 'application/json, text/event-stream' },
        { name: 'MCP-Protocol-Version', value: '2025-11-25' },
        { name: 'Content-Type', value: 'application/json' },
      ],
      postData: { mimeType: 'application/json', text: JSON.stringify(call) },
    },
    response: {
      status: 401,
      statusText: markup,
      headers: [{ name: 'WWW-Authenticate', value: `Bearer error="invalid_token", error_description="${markup}"` }],
      content: { mimeType: 'text/html', size: markup.length, text: markup },
    },
  };
  return JSON.stringify({ log: { version: '1.2', creator: { name: markup, version: '1' }, entries: [entry] } });
}

describe('over what strangers send', () => {
  test('markup is text, control characters are escapes', async () => {
    const page = await panel.open();
    await importText(page, 'hostile.har', hostileHar());
    await press(page, 'j');
    for (const tab of ['2', '5', '3', '4', '1']) {
      await press(page, tab);
      expect(await page.$$eval('#panel img, #panel script', (found) => found.length)).toBe(0);
      const text = await textOf(page, '#panel');
      expect(text).not.toContain('\u202e');
      expect(text).not.toContain('\u0007');
    }
    expect(await page.title()).toBe('MCP Auth Inspector');
    await press(page, '2');
    expect(await textOf(page, '#panel')).toContain('\\u{202e}evil');
    await page.close();
  });

  test('a secret is shortened until it is asked for', async () => {
    const page = await panel.open();
    await importText(page, 'hostile.har', hostileHar());
    await press(page, 'j', '5');
    expect(await textOf(page, '#panel')).not.toContain(token);
    await page.click('[data-part="request.headers.authorization"] .secret');
    await page.waitForSelector('.secret.shown');
    expect(await textOf(page, '[data-part="request.headers.authorization"]')).toContain(token);
    await page.close();
  });

  test('a finding of an imported file has the title of its rule', async () => {
    const page = await panel.open();
    await openUndecided(page);
    expect(await textOf(page, '.outcome.open .title, .rule.open .title')).toMatch(/^[A-Z][^-]+ /);
    await page.close();
  });

  test('a file that is no HAR is refused by name, and what was open stays', async () => {
    const page = await panel.open();
    await openSample(page);
    await importText(page, 'broken.har', '{"log": {"entries": 7}}');
    await page.waitForSelector('dialog[open]');
    const cells = await page.$$eval('dialog .problems tbody tr > *', (all) => all.map((cell) => cell.textContent));
    expect(cells).toEqual(['broken.har', 'whole file', 'log.entries', 'not an array']);
    await press(page, 'Escape');
    expect(await page.$$eval('[data-entry]', (rows) => rows.length)).toBeGreaterThan(0);
    await page.close();
  });
});
