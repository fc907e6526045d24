import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type ConnectionTransport, connect as puppeteer } from 'puppeteer-core';
import { NodeWebSocketTransport } from 'puppeteer-core/internal/node/NodeWebSocketTransport.js';

/** A profile that loads unsigned add-ons, lets pages open windows, and does nothing of its own on the network. */
const quiet = {
  'xpinstall.signatures.required': false,
  'dom.disable_open_during_load': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
} as const;

/** Firefox without a window, driven by its own protocol (length-prefixed JSON over TCP): it alone reaches the toolbox. */
export class Firefox {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: Socket;
  #session: Session | null = null;
  readonly #waiting = new Map<number, (answer: readonly unknown[]) => void>();
  #received = Buffer.alloc(0);
  #last = 0;

  private constructor(process: ChildProcess, profile: string, socket: Socket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('data', (data) => this.#receive(data));
  }

  static async start(path: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'firefox-'));
    const port = await freePort();
    const remotePort = await freePort();
    const settings = { ...quiet, 'marionette.port': port };
    const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const args = ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile];
    const child = spawn(path, [...args, '--remote-debugging-port', String(remotePort)], { stdio: 'ignore' });
    const firefox = new Firefox(child, profile, await connected(port));
    firefox.#session = (await firefox.send('WebDriver:NewSession', { webSocketUrl: true })) as Session;
    return firefox;
  }

  /** The same browser for scripts that a user's deeds are written in: pages, clicks, popups (WebDriver BiDi). */
  async pages(): Promise<Browser> {
    if (this.#session === null) throw new Error('Firefox has no session');
    const { webSocketUrl } = this.#session.capabilities;
    const transport = withinSession(await NodeWebSocketTransport.create(webSocketUrl), this.#session);
    return puppeteer({ transport, protocol: 'webDriverBiDi', defaultViewport: null });
  }

  /** Sends one command; rejects with the browser's own words. */
  send(command: string, parameters: object = {}): Promise<unknown> {
    this.#last += 1;
    const text = JSON.stringify([0, this.#last, command, parameters]);
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(this.#last, ([, , error, result]) => {
        if (error) reject(new Error(`${command}: ${JSON.stringify(error).slice(0, 500)}`));
        else resolve(result);
      });
    });
  }

  async navigate(url: string): Promise<void> {
    await this.send('Marionette:SetContext', { value: 'content' });
    await this.send('WebDriver:Navigate', { url });
  }

  /** Runs the body of an asynchronous function in the browser's own window; its value must be JSON. */
  async inBrowser(body: string): Promise<unknown> {
    await this.send('Marionette:SetContext', { value: 'chrome' });
    const script = `const done = arguments[arguments.length - 1];
      (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const answer = await this.send('WebDriver:ExecuteAsyncScript', { script, args: [], sandbox: 'system' });
    const { value, error } = (answer as { value: { value?: unknown; error?: string } }).value;
    if (error !== undefined) throw new Error(error);
    return value;
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      const length = Number(this.#received.subarray(0, Math.max(0, colon)));
      if (colon < 0 || this.#received.length < colon + 1 + length) return;
      const message: unknown = JSON.parse(this.#received.subarray(colon + 1, colon + 1 + length).toString());
      this.#received = this.#received.subarray(colon + 1 + length);
      if (!Array.isArray(message)) continue;
      this.#waiting.get(Number(message[1]))?.(message);
      this.#waiting.delete(Number(message[1]));
    }
  }
}

interface Session {
  readonly sessionId: string;
  readonly capabilities: { readonly webSocketUrl: string };
}

/** Firefox has one session at a time: who asks for a new one is given the one that there is. */
function withinSession(transport: ConnectionTransport, session: Session): ConnectionTransport {
  const wrapped: ConnectionTransport = {
    send(message) {
      const { id, method } = JSON.parse(message) as { id: number; method: string };
      if (method !== 'session.new') transport.send(message);
      else wrapped.onmessage?.(JSON.stringify({ type: 'success', id, result: session }));
    },
    close: () => transport.close(),
  };
  transport.onmessage = (message) => wrapped.onmessage?.(message);
  transport.onclose = () => wrapped.onclose?.();
  return wrapped;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function connected(port: number): Promise<Socket> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const socket = await new Promise<Socket | null>((resolve) => {
      const candidate = connect(port, '127.0.0.1', () => resolve(candidate));
      candidate.once('error', () => resolve(null));
    });
    if (socket !== null) return socket;
    await new Promise((later) => setTimeout(later, 250));
  }
  throw new Error('Firefox did not open its control port');
}
