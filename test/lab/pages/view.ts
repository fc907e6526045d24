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
  /** Shows a tool call; the answer is filled in later. */
  toolCall(name: string, input: string): (answer: string, failed: boolean) => void;
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

/** Draws the chat into the document. */
export function createView(title: string, subtitle: string): View {
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
  const add = (node: HTMLElement) => {
    log.append(node);
    node.scrollIntoView({ block: 'end' });
  };
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
    say: (who, text) => add(element('p', { className: `bubble ${who}`, textContent: text })),
    toolCall: (name, argumentsText) => {
      const answer = element('output', { textContent: 'running…' });
      const card = element(
        'div',
        { className: 'tool' },
        element('b', { textContent: name }),
        ` ${argumentsText}`,
        answer,
      );
      add(card);
      return (text, failed) => {
        answer.textContent = text;
        card.classList.toggle('failed', failed);
        card.scrollIntoView({ block: 'end' });
      };
    },
  };
  return view;
}
