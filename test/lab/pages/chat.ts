import { AuthProvider } from './auth-provider.ts';
import { type ChatMessage, complete, type ToolCall, type ToolDescription } from './completions.ts';
import { signInByPopup } from './popup.ts';
import type { ClientSdk, McpSession } from './session.ts';
import { type ChatSettings, readSettings } from './settings.ts';
import { Store } from './store.ts';
import { createView, type View } from './view.ts';

/** So many sign-ins one prompt may cost before the chat gives up: a client that loses scopes would go on for ever. */
const signInsPerPrompt = 4;
const modelTurnsPerPrompt = 4;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A chat on an official client SDK: signs in when the SDK asks for it and goes on where it stopped. */
class Chat {
  readonly #sdk: ClientSdk;
  readonly #settings: ChatSettings;
  readonly #store: Store;
  readonly #view: View;
  readonly #provider: AuthProvider;
  #session: McpSession;
  #tools: readonly ToolDescription[] | undefined;
  #leaving = false;
  #popup: Promise<URLSearchParams> | undefined;

  constructor(sdk: ClientSdk) {
    this.#sdk = sdk;
    this.#settings = readSettings();
    this.#store = new Store(localStorage, `${sdk.name}:`);
    this.#view = createView('Laboratory chat', `${sdk.packageName} in the browser`, this.#store);
    this.#provider = new AuthProvider('Laboratory chat', this.#settings, this.#store, (url) => this.#authorize(url));
    this.#session = sdk.open(this.#settings, this.#provider);
    this.#view.onSignIn = () => void this.signIn();
    this.#view.onPrompt = (text) => void this.prompt(text);
  }

  /** Takes up what a redirect to the authorization server interrupted, if anything. */
  async resume(): Promise<void> {
    const response = new URLSearchParams(location.search);
    const pending = this.#store.get<string>('pending');
    if (!response.has('state')) {
      this.#settle();
      return;
    }
    history.replaceState(null, '', location.pathname);
    await this.#busy(async () => {
      await this.#redeem(response);
      await this.#authorized(async () => undefined);
      if (pending) await this.#converse(pending);
    });
  }

  /** Connects to the MCP server, by way of the authorization server where needed. */
  async signIn(): Promise<void> {
    this.#store.set('signIns', 0);
    await this.#busy(() => this.#authorized(async () => undefined));
  }

  /** Answers one prompt of the user. */
  async prompt(text: string): Promise<void> {
    this.#store.set('signIns', 0);
    this.#store.set('pending', text);
    this.#view.say('user', text);
    await this.#busy(() => this.#converse(text));
  }

  #authorize(url: URL): void {
    const signIns = (this.#store.get<number>('signIns') ?? 0) + 1;
    if (signIns > signInsPerPrompt) throw new Error('Asked to sign in again and again. Giving up.');
    this.#store.set('signIns', signIns);
    this.#view.say('note', `Sent to sign in for ${url.searchParams.get('scope') ?? 'no scope'}`);
    if (this.#settings.signIn === 'popup') {
      this.#popup = signInByPopup(url);
    } else {
      this.#leaving = true;
      location.assign(url);
    }
  }

  async #redeem(response: URLSearchParams): Promise<void> {
    if (response.get('state') !== this.#provider.storedState()) throw new Error('The sign-in does not belong here.');
    const error = response.get('error');
    if (error) throw new Error(`${error}: ${response.get('error_description') ?? 'sign-in refused'}`);
    await this.#session.finishAuthorization(response);
    await this.#session.close();
    this.#tools = undefined;
    this.#session = this.#sdk.open(this.#settings, this.#provider);
  }

  /** Connects once, and learns the tools. */
  async #connected(): Promise<readonly ToolDescription[]> {
    if (!this.#tools) {
      await this.#session.connect();
      this.#tools = await this.#session.tools();
    }
    return this.#tools;
  }

  async #authorized<T>(operation: (tools: readonly ToolDescription[]) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await operation(await this.#connected());
      } catch (error) {
        if (this.#leaving) return new Promise(() => undefined);
        const popup = this.#popup;
        if (!popup || !this.#session.needsUser(error)) throw error;
        this.#popup = undefined;
        await this.#redeem(await popup);
      }
    }
  }

  async #converse(prompt: string): Promise<void> {
    const messages: ChatMessage[] = [{ role: 'user', content: prompt }];
    const tools = await this.#authorized(async (known) => known);
    for (let turn = 0; turn < modelTurnsPerPrompt; turn += 1) {
      const message = await complete(this.#settings.model, messages, tools);
      messages.push(message);
      if (!message.tool_calls?.length) {
        this.#view.say('assistant', message.content ?? '');
        return;
      }
      for (const call of message.tool_calls) messages.push(await this.#run(call));
    }
  }

  async #run(call: ToolCall): Promise<ChatMessage> {
    const { name, arguments: argumentsText } = call.function;
    try {
      const input = JSON.parse(argumentsText) as Record<string, unknown>;
      const result = await this.#authorized(() => this.#session.call(name, input));
      this.#view.toolCall(name, result.text, result.failed);
      return { role: 'tool', tool_call_id: call.id, content: result.text };
    } catch (error) {
      this.#view.toolCall(name, messageOf(error), true);
      throw error;
    }
  }

  async #busy(work: () => Promise<void>): Promise<void> {
    this.#view.state('busy');
    try {
      await work();
    } catch (error) {
      this.#view.say('trouble', messageOf(error));
    }
    this.#store.set('pending', undefined);
    this.#settle();
  }

  #settle(): void {
    const tokens = this.#provider.tokens();
    this.#view.state(tokens ? 'idle' : 'signed-out');
    const renewal = tokens?.refresh_token ? 'with refresh token' : 'no refresh token';
    this.#view.status(tokens ? `signed in: ${tokens.scope ?? 'scopes unknown'}, ${renewal}` : 'not signed in');
  }
}

/** Starts the chat page; it is driven by hand or through `window.lab`. */
export async function startChat(sdk: ClientSdk): Promise<void> {
  const chat = new Chat(sdk);
  Object.assign(window, {
    lab: { signIn: () => chat.signIn(), prompt: (text: string) => chat.prompt(text) },
  });
  await chat.resume();
}
