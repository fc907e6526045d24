import type { Store } from './store.ts';
import { styleSheet } from './style.ts';

/** What the page is doing; also `data-state` of the body, for those who drive it. */
export type State = 'loading' | 'signed-out' | 'idle' | 'busy';

/** The chat's face. All text is set as text, never as markup. */
export interface View {
  onPrompt: (text: string) => void;
  onSignIn: () => void;
  state(state: State): void;
  /** Says who is connected and with which scopes. */
  status(text: string): void;
  say(who: 'user' | 'assistant' | 'trouble' | 'note', text: string): void;
  /** Shows a tool call and what came of it. */
  toolCall(name: string, answer: string, failed: boolean): void;
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function suggestions(prompt: (text: string) => void): HTMLElement {
  const texts = ['Please call whoami', 'Please call echo', 'Please call admin_reset'];
  const buttons = texts.map((text) =>
    element('button', { type: 'button', textContent: text, onclick: () => prompt(text) }),
  );
  return element('div', { className: 'suggestions' }, ...buttons);
}

/** A bubble or a tool call, as it is kept for the page that comes back from a sign-in. */
interface Line {
  readonly className: string;
  readonly text: string;
  /** A tool's name, when the line is a tool call. */
  readonly tool?: string;
}

/** Draws the chat into the document; what was said before a redirect is taken up again from the store. */
export function createView(title: string, subtitle: string, store: Store): View {
  const status = element('span', { className: 'status', textContent: 'not signed in' });
  const log = element('section', { className: 'log', ariaLive: 'polite' });
  const input = element('input', { name: 'prompt', placeholder: 'Ask something…', autocomplete: 'off' });
  input.setAttribute('aria-label', 'Message');
  const send = element('button', { className: 'send', textContent: 'Send' });
  const signIn = element('button', {
    type: 'button',
    className: 'sign-in',
    textContent: 'Sign in',
    onclick: () => view.onSignIn(),
  });
  const form = element('form', { className: 'composer' }, input, send);
  const heading = element('div', {}, element('h1', { textContent: title }), element('p', { textContent: subtitle }));
  document.head.append(element('style', { textContent: styleSheet }));
  document.body.append(
    element(
      'main',
      {},
      element('header', {}, heading, status, signIn),
      log,
      suggestions((text) => view.onPrompt(text)),
      form,
    ),
  );
  const lines = store.get<Line[]>('transcript') ?? [];
  const add = (line: Line) => {
    const { className, text, tool } = line;
    const node = tool
      ? element('div', { className }, element('b', { textContent: tool }), element('output', { textContent: text }))
      : element('p', { className, textContent: text });
    log.append(node);
    log.scrollTop = log.scrollHeight;
  };
  const keep = (line: Line) => {
    lines.push(line);
    store.set('transcript', lines);
    add(line);
  };
  lines.forEach(add);
  form.onsubmit = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    input.value = '';
    if (text) view.onPrompt(text);
  };
  const view: View = {
    onPrompt: () => undefined,
    onSignIn: () => undefined,
    state: (state) => {
      document.body.dataset.state = state;
    },
    status: (text) => {
      status.textContent = text;
    },
    say: (who, text) => keep({ className: `bubble ${who}`, text }),
    toolCall: (tool, text, failed) => keep({ className: failed ? 'tool failed' : 'tool', tool, text }),
  };
  return view;
}
