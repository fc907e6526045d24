import { auth, createMCPClient } from '@ai-sdk/mcp';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, stepCountIs, type ToolSet } from 'ai';
import { AuthProvider } from './auth-provider.ts';
import { readSettings } from './settings.ts';
import { Store } from './store.ts';
import { createView } from './view.ts';

// The mistake this page shows: it signs in and is given a refresh token, but hands the access token to the
// transport as a fixed header, so that nothing can refresh it and an expiry becomes the model's problem.

const settings = readSettings();
const store = new Store(localStorage, 'chat-aisdk:');
const view = createView('Laboratory chat', '@ai-sdk/mcp in the browser, token in a fixed header', store);
const provider = new AuthProvider('Laboratory chat (AI SDK)', settings, store, (url) => {
  view.say('note', `Sent to sign in for ${url.searchParams.get('scope') ?? 'no scope'}`);
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
    if ((await work()) === 'REDIRECT') return;
  } catch (error) {
    view.say('trouble', error instanceof Error ? error.message : String(error));
  }
  settle();
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
      headers: { Authorization: `Bearer ${provider.tokens()?.access_token}` },
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
  const authorizationCode = response.get('code');
  if (!authorizationCode) return settle();
  history.replaceState(null, '', location.pathname);
  await busy(() =>
    auth(provider, {
      serverUrl: settings.server,
      authorizationCode,
      callbackState: response.get('state') ?? '',
    }),
  );
}

view.onSignIn = () => void signIn();
view.onPrompt = (text) => void prompt(text);
Object.assign(window, { lab: { signIn, prompt } });
void resume();
