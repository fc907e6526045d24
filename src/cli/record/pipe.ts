import type { Readable, Writable } from 'node:stream';
import type { CdpBrowser, CdpSession } from './cdp.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
  readonly sessionId?: string;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The DevTools Protocol over `--remote-debugging-pipe`: JSON messages, each ended by NUL; no port is opened. */
export class CdpPipe implements CdpBrowser {
  readonly #input: Writable;
  readonly #waiting = new Map<number, Waiting>();
  readonly #sessions = new Map<string, PipeSession>();
  readonly root: CdpSession = new PipeSession(this, undefined);
  #next = 1;
  #held: Buffer[] = [];

  constructor(input: Writable, output: Readable) {
    this.#input = input;
    // The browser may be gone before the last command: its end is told elsewhere.
    input.on('error', () => this.#end());
    output.on('data', (chunk: Buffer) => this.#receive(chunk));
    output.on('error', () => this.#end());
    output.on('close', () => this.#end());
  }

  async version(): Promise<string> {
    return (await this.root.send('Browser.getVersion')).product;
  }

  session(id: string): CdpSession {
    const known = this.#sessions.get(id);
    if (known) return known;
    const session = new PipeSession(this, id);
    this.#sessions.set(id, session);
    return session;
  }

  /** Sends a command; rejects when the browser refuses it or is gone. */
  send(method: string, params: unknown, sessionId: string | undefined): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  #receive(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      this.#held.push(chunk.subarray(from, end));
      this.#dispatch(Buffer.concat(this.#held).toString());
      this.#held = [];
      from = end + 1;
    }
    if (from < chunk.length) this.#held.push(Buffer.from(chunk.subarray(from)));
  }

  #dispatch(text: string): void {
    const message: Message = JSON.parse(text);
    if (message.id !== undefined) {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) waiting?.reject(new Error(message.error.message ?? 'refused'));
      else waiting?.resolve(message.result);
      return;
    }
    if (message.method === undefined) return;
    const session = message.sessionId === undefined ? this.root : this.session(message.sessionId);
    if (session instanceof PipeSession) session.emit(message.method, message.params);
  }

  #end(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('the browser is gone'));
    this.#waiting.clear();
  }
}

class PipeSession implements CdpSession {
  readonly #pipe: CdpPipe;
  readonly #id: string | undefined;
  readonly #listeners = new Map<string, ((params: never) => void)[]>();

  constructor(pipe: CdpPipe, id: string | undefined) {
    this.#pipe = pipe;
    this.#id = id;
  }

  on(event: string, listener: (params: never) => void): void {
    const known = this.#listeners.get(event);
    if (known) known.push(listener);
    else this.#listeners.set(event, [listener]);
  }

  send(command: string, ...params: unknown[]): Promise<never> {
    return this.#pipe.send(command, params[0] ?? {}, this.#id) as Promise<never>;
  }

  emit(event: string, params: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(params as never);
  }
}
