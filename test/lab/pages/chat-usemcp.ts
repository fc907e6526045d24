import { h, render } from 'preact';
import { type UseMcpResult, useMcp } from 'use-mcp/react';
import { type ChatMessage, complete, type ToolCall } from './completions.ts';
import { textOf } from './session.ts';
import { readSettings } from './settings.ts';
import { Store } from './store.ts';
import { createView, type State } from './view.ts';

// The hook does everything about authorization by itself; the page only shows what it says. The hook knows pop-ups
// alone: with the setting `signIn=redirect` they are blocked, and the page goes where the hook says that one was blocked.

const modelTurnsPerPrompt = 4;
const settings = readSettings('popup');
const popupsAreBlocked = settings.signIn === 'redirect';
if (popupsAreBlocked) window.open = () => null;
const view = createView('Laboratory chat', 'use-mcp in the browser', new Store(localStorage, 'chat-usemcp:'));

/** The hook's latest result; undefined until the user signs in. */
let mcp: UseMcpResult | undefined;
let conversing = false;

const states: Record<UseMcpResult['state'], State> = {
  discovering: 'busy',
  pending_auth: 'signed-out',
  authenticating: 'busy',
  connecting: 'busy',
  loading: 'busy',
  ready: 'idle',
  failed: 'signed-out',
};

function show(): void {
  view.state(conversing ? 'busy' : states[mcp?.state ?? 'pending_auth']);
  view.status(mcp ? mcp.state : 'not signed in');
}

function Connection(): null {
  const latest = useMcp({
    url: settings.server,
    clientName: 'Laboratory chat (use-mcp)',
    transportType: 'http',
    autoReconnect: false,
    onPopupWindow: (url, _features, popup) => {
      view.say('note', `Sent to sign in for ${new URL(url).searchParams.get('scope')}`);
      if (!popup) location.assign(url);
    },
  });
  if (latest.error && latest.error !== mcp?.error) view.say('trouble', latest.error);
  mcp = latest;
  show();
  return null;
}

function signIn(): void {
  if (mcp) mcp.retry();
  else render(h(Connection, null), document.createElement('div'));
}

async function run(call: ToolCall): Promise<ChatMessage> {
  const { name, arguments: input } = call.function;
  const result = await mcp?.callTool(name, JSON.parse(input));
  // The hook answers a call that needs a sign-in with nothing at all.
  if (result === undefined) throw new Error(`${name}: no answer, signing in`);
  const content = textOf(result.content);
  view.toolCall(name, content, result.isError === true);
  return { role: 'tool', tool_call_id: call.id, content };
}

async function converse(prompt: string): Promise<void> {
  const messages: ChatMessage[] = [{ role: 'user', content: prompt }];
  for (let turn = 0; turn < modelTurnsPerPrompt; turn += 1) {
    const message = await complete(settings.model, messages, mcp?.tools ?? []);
    messages.push(message);
    if (!message.tool_calls?.length) return view.say('assistant', message.content ?? '');
    for (const call of message.tool_calls) messages.push(await run(call));
  }
}

async function prompt(text: string): Promise<void> {
  view.say('user', text);
  conversing = true;
  show();
  try {
    await converse(text);
  } catch (error) {
    view.say('trouble', error instanceof Error ? error.message : String(error));
  }
  conversing = false;
  show();
}

/** Whether the hook's callback page, which sends the user back to the start page, has brought tokens. */
const isBack = () => popupsAreBlocked && Object.keys(localStorage).some((key) => /^mcp:auth_.*_tokens$/.test(key));

view.onSignIn = signIn;
view.onPrompt = (text) => void prompt(text);
show();
if (isBack()) signIn();
