import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { longSession } from './session.ts';

/** Numbers that look random and are the same each time (Park and Miller). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const pick = <T>(items: readonly T[], index: number): T => items[index % items.length] as T;

const script = `export function render(list,target){for(const item of list){const node=document.createElement("div");node.className='row';node.textContent=item.title;target.append(node)}return target}\n`;
const style = `.row{display:flex;gap:8px;padding:4px 12px;border-bottom:1px solid var(--line)}.row:hover{background:var(--hover)}\n`;
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="stylesheet" href="/a.css"></head><body><main class="list"></main></body></html>\n`;

/** Kinds of traffic of a browsing session, each as often as it is in a long recording of a single-page application. */
const kinds = [
  ...Array.from({ length: 30 }, () => ['script', 'application/javascript', 'js', script] as const),
  ...Array.from({ length: 27 }, () => ['image', 'image/webp', 'webp', null] as const),
  ...Array.from({ length: 9 }, () => ['stylesheet', 'text/css', 'css', style] as const),
  ...Array.from({ length: 5 }, () => ['font', 'font/woff2', 'woff2', null] as const),
  ...Array.from({ length: 20 }, () => ['fetch', 'application/json', 'json', null] as const),
  ...Array.from({ length: 5 }, () => ['document', 'text/html', 'html', page] as const),
  ...Array.from({ length: 4 }, () => ['ping', 'text/plain', '', ''] as const),
];

const base64 = Buffer.from(
  Array.from({ length: 6000 }, (_, index) => (index * 167 + (index >> 3) * 31 + 200) % 256),
).toString('base64');

/** One entry of ordinary browsing, as Chromium exports it, about 5.4 kB. */
function browsing(index: number, random: (below: number) => number, start: number): object {
  const [type, mimeType, extension, body] = pick(kinds, random(100));
  const path = `/assets/v${random(40)}/chunk-${random(1e9).toString(36)}.${extension}?build=${random(1e6)}`;
  const host = pick(['shop.example.com', 'cdn.example.net', 'api.example.com', 'img.example.org'], random(4));
  const isBinary = body === null && type !== 'fetch';
  const text =
    type === 'fetch'
      ? JSON.stringify(
          Array.from({ length: 28 }, (_, row) => ({
            id: index * 100 + row,
            title: `Item ${random(1e6)}`,
            price: random(1e4) / 100,
            tags: ['new', 'sale'],
            stock: random(99),
          })),
        )
      : isBinary
        ? base64.slice(0, 1600 + random(600) * 4)
        : (body ?? '').repeat(1 + random(34));
  const field = (name: string, value: string): object => ({ name, value });
  const isPost = type === 'ping';
  const sent = isPost ? JSON.stringify({ event: 'view', at: index, path, viewport: [1280, 800] }) : '';
  return {
    _initiator: {
      type: 'script',
      stack: {
        callFrames: [
          {
            functionName: 'load',
            scriptId: '12',
            url: 'https://shop.example.com/assets/main.js',
            lineNumber: random(900),
            columnNumber: random(90),
          },
        ],
      },
    },
    _priority: 'High',
    _resourceType: type,
    cache: {},
    connection: String(100 + random(40)),
    pageref: 'page_1',
    request: {
      method: isPost ? 'POST' : 'GET',
      url: `https://${host}${path}`,
      httpVersion: 'http/2.0',
      headers: [
        field(':authority', host),
        field(':method', isPost ? 'POST' : 'GET'),
        field(':path', path),
        field(':scheme', 'https'),
        field('accept', '*/*'),
        field('accept-encoding', 'gzip, deflate, br, zstd'),
        field('accept-language', 'en-US,en;q=0.9'),
        field('cookie', 'visit=7f0c2a9be41d4c6f8a51; theme=dark; consent=all'),
        field('referer', 'https://shop.example.com/'),
        field('sec-ch-ua', '"Chromium";v="142", "Not_A Brand";v="99"'),
        field('sec-fetch-dest', type),
        field('sec-fetch-mode', 'no-cors'),
        field('sec-fetch-site', 'same-site'),
        field(
          'user-agent',
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
        ),
      ],
      queryString: [field('build', path.slice(path.indexOf('=') + 1))],
      cookies: [field('visit', '7f0c2a9be41d4c6f8a51'), field('theme', 'dark')],
      headersSize: -1,
      bodySize: sent.length,
      ...(isPost ? { postData: { mimeType: 'application/json', text: sent } } : {}),
    },
    response: {
      status: isPost ? 204 : 200,
      statusText: '',
      httpVersion: 'http/2.0',
      headers: [
        field('accept-ranges', 'bytes'),
        field('access-control-allow-origin', '*'),
        field('age', String(random(9999))),
        field('cache-control', 'public, max-age=31536000, immutable'),
        field('content-length', String(text.length)),
        field('content-type', mimeType),
        field('date', new Date(start + index * 50).toUTCString()),
        field('etag', `"${random(1e9).toString(16)}${random(1e9).toString(16)}"`),
        field('last-modified', 'Mon, 02 Nov 2026 07:00:00 GMT'),
        field('server', 'edge'),
        field('vary', 'Accept-Encoding'),
        field('x-request-id', `${random(1e9).toString(16)}-${random(1e9).toString(16)}`),
      ],
      cookies: [],
      content: {
        size: text.length,
        mimeType,
        ...(isPost ? {} : { text }),
        ...(isBinary ? { encoding: 'base64' } : {}),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
      _transferSize: text.length + 240,
      _error: null,
    },
    serverIPAddress: '203.0.113.7',
    startedDateTime: new Date(start + index * 50).toISOString(),
    time: 8 + random(9000) / 100,
    timings: {
      blocked: 1.2,
      dns: -1,
      ssl: -1,
      connect: -1,
      send: 0.1,
      wait: 5.4,
      receive: 1.1,
      _blocked_queueing: 0.9,
    },
  };
}

/** So many entries of ordinary browsing, from a time on (milliseconds since the epoch). */
export function* browsingEntries(entries: number, start: number): Generator<object> {
  const random = numbers(42);
  for (let index = 0; index < entries; index += 1) yield browsing(index, random, start);
}

/** Of every hundred entries this many are calls to an MCP server. */
const CALLS = 2;

/**
 * Writes a recording of a browser: ordinary traffic, and in it a session with an MCP server (one sign-in, twenty
 * refreshes). Resolves to its size in bytes.
 */
export async function writeBrowsing(path: string, entries: number): Promise<number> {
  const session = longSession(Math.ceil((entries * CALLS) / 100));
  const start = Date.parse(session[0]?.startedDateTime ?? '');
  const random = numbers(42);
  const file = createWriteStream(path);
  let size = 0;
  const write = async (text: string): Promise<void> => {
    size += Buffer.byteLength(text);
    if (!file.write(text)) await once(file, 'drain');
  };
  await write('{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":[');
  const every = entries / session.length;
  let told = 0;
  let held = '';
  for (let index = 0; index < entries; index += 1) {
    const isCall = index >= told * every && told < session.length;
    held += `${index === 0 ? '' : ','}${JSON.stringify(isCall ? session[told] : browsing(index, random, start))}`;
    if (isCall) told += 1;
    if (held.length < 1 << 20) continue;
    await write(held);
    held = '';
  }
  await write(`${held}]}}`);
  file.end();
  await once(file, 'finish');
  return size;
}
