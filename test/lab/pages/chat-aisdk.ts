import { auth, createMCPClient } from '@ai-sdk/mcp';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, stepCountIs, type ToolSet } from 'ai';
import { AuthProvider } from './auth-provider.ts';
import { signInByPopup } from './popup.ts';
import { readSettings } from './settings.ts';
import { Store } from './store.ts';
import { createView } from './view.ts';

// The mistake this page shows by default: it signs in and is given a refresh token, but hands the access token to
// the transport as a fixed header, so that nothing can refresh it and an expiry becomes the model's problem.
// With the setting `credentials=provider` the library's own transport does what it can.

const settings = readSettings();
const store = new Store(localStorage, 'chat-aisdk:');
const inHeader = settings.credentials === 'header';
const subtitle = `@ai-sdk/mcp in the browser${inHeader ? ', token in a fixed header' : ''}`;
const view = createView('Laboratory chat', subtitle, store);
let leaving = false;
let popup: Promise<URLSearchParams> | undefined;
const provider = new AuthProvider('Laboratory chat (AI SDK)', settings, store, (url) => {
  view.say('note', `Sent to sign in for ${url.searchParams.get('scope') ?? 'no scope'}`);
  if (settings.signIn === 'popup') {
    popup = signInByPopup(url);
    return;
  }
  leaving = true;
  location.assign(url);
});
const model = createOpenAICompatible({ name: 'scripted', baseURL: settings.model, apiKey: 'no-key-needed' })(
  'scripted',
);

let toolSet: ToolSet | undefined;

function settle(): void {
  const tokens = provider.tokens();
  view.state(tokens ? 'idle' : 'signed-out');
  const renewal = tokens?.refresh_token ? 'with refresh token' : 'no refresh token';
  view.status(tokens ? `signed in: ${tokens.scope ?? 'scopes unknown'}, ${renewal}` : 'not signed in');
}

async function busy(work: () => Promise<unknown>): Promise<void> {
  view.state('busy');
  try {
    await work();
  } catch (error) {
    if (!leaving) view.say('trouble', error instanceof Error ? error.message : String(error));
  }
  try {
    await redeemFromPopup();
  } catch (error) {
    view.say('trouble', error instanceof Error ? error.message : String(error));
  }
  if (!leaving) settle();
}

/** Redeems what a sign-in in a popup brought, if one was opened. */
async function redeemFromPopup(): Promise<void> {
  const opened = popup;
  popup = undefined;
  if (opened) await redeem(await opened);
}

/** Redeems an authorization response (RFC 6749 section 4.1.3). */
async function redeem(response: URLSearchParams): Promise<void> {
  const authorizationCode = response.get('code');
  if (!authorizationCode) throw new Error(response.get('error') ?? 'The sign-in brought no code.');
  const callbackState = response.get('state') ?? '';
  await auth(provider, { serverUrl: settings.server, authorizationCode, callbackState });
}

const signIn = () => busy(() => auth(provider, { serverUrl: settings.server }));

/** Connects once and learns the tools, with the access token of that moment. */
async function connected(): Promise<ToolSet> {
  if (toolSet) return toolSet;
  const client = await createMCPClient({
    transport: {
      type: 'http',
      url: settings.server,
      // The library calls the fetch it keeps as its own method, which browsers refuse.
      fetch: (input, init) => fetch(input, init),
      ...(inHeader
        ? { headers: { Authorization: `Bearer ${provider.tokens()?.access_token}` } }
        : { authProvider: provider }),
    },
  });
  toolSet = (await client.tools()) as ToolSet;
  return toolSet;
}

async function converse(text: string): Promise<void> {
  view.say('user', text);
  const tools = await connected();
  const result = await generateText({
    model,
    tools,
    prompt: text,
    stopWhen: stepCountIs(4),
    maxRetries: 0,
    onStepFinish: (step) => {
      for (const part of step.content) {
        if (part.type === 'tool-result') view.toolCall(part.toolName, JSON.stringify(part.output), false);
        if (part.type === 'tool-error') view.toolCall(part.toolName, String(part.error), true);
      }
    },
  });
  view.say('assistant', result.text);
}

const prompt = (text: string) => (provider.tokens() ? busy(() => converse(text)) : signIn());

async function resume(): Promise<void> {
  const response = new URLSearchParams(location.search);
  if (!response.has('state')) return settle();
  history.replaceState(null, '', location.pathname);
  await busy(() => redeem(response));
}

view.onSignIn = () => void signIn();
view.onPrompt = (text) => void prompt(text);
Object.assign(window, { lab: { signIn, prompt } });
void resume();
