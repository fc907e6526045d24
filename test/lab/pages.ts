import { fileURLToPath } from 'node:url';
import express from 'express';
import { build, type Rolldown } from 'vite';
import { listen } from './listen.ts';

/** The client pages of the laboratory. */
export const pageNames = ['chat-v1', 'chat-v2', 'chat-usemcp', 'chat-aisdk', 'chat-worker', 'neg-oidc'] as const;
export type PageName = (typeof pageNames)[number];

/** The host of the client pages. */
export interface Pages {
  readonly origin: string;
  close(): Promise<void>;
}

const titles: Record<PageName, string> = {
  'chat-v1': 'Chat (SDK v1)',
  'chat-v2': 'Chat (SDK v2)',
  'chat-usemcp': 'Chat (use-mcp)',
  'chat-aisdk': 'Chat (AI SDK)',
  'chat-worker': 'Chat (SDK v2 in a worker)',
  'neg-oidc': 'Dashboard',
};

function document(title: string, script: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
</head><body data-state="loading"><script type="module" src="/${script}"></script></body></html>`;
}

/** Bundles one entry of the pages folder into a single script, so that a recording is not full of chunks. */
async function bundleOne(name: string): Promise<[fileName: string, code: string]> {
  const folder = fileURLToPath(new URL('./pages/', import.meta.url));
  const built = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    // use-mcp is a React hook; Preact draws it.
    resolve: { alias: { react: 'preact/compat' } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: `${folder}${name}.ts`, output: { codeSplitting: false } },
    },
  });
  const [script] = (built as Rolldown.RolldownOutput).output;
  return [`${name}.js`, script.code];
}

/** The pages that an authorization response returns to, by path: the popup's own and the one that use-mcp names. */
const callbacks = { '/callback': 'callback', '/oauth/callback': 'callback-usemcp' } as const;

/** What `/chat-worker` starts: a shared or a service worker. */
const workers = ['chat-v2-worker'] as const;

const bundle = async (): Promise<ReadonlyMap<string, string>> =>
  new Map(await Promise.all([...pageNames, ...Object.values(callbacks), ...workers].map(bundleOne)));

let bundled: ReturnType<typeof bundle> | undefined;

/**
 * Starts the host of the client pages; they are bundled once per process and served from memory.
 *
 * @param port where to listen; 0 takes a free one
 */
export async function startPages(port = 0): Promise<Pages> {
  bundled ??= bundle();
  const scripts = await bundled;
  return listen(() => {
    const app = express();
    app.disable('x-powered-by');
    for (const name of pageNames) {
      app.get(
        `/${name}`,
        (_request, response) => void response.type('html').send(document(titles[name], `${name}.js`)),
      );
    }
    // Where use-mcp goes from its callback when no window opened that.
    app.get('/', (_request, response) => response.redirect('/chat-usemcp'));
    for (const [path, name] of Object.entries(callbacks)) {
      app.get(path, (_request, response) => void response.type('html').send(document('Signed in', `${name}.js`)));
    }
    for (const [name, code] of scripts)
      app.get(`/${name}`, (_request, response) => void response.type('js').send(code));
    return app;
  }, port);
}
