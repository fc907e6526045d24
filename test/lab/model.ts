import cors from 'cors';
import express, { type Request, type Response } from 'express';
import { listen } from './listen.ts';

/** A scripted stand-in for a language model, speaking the OpenAI chat completions API. */
export interface Model {
  /** Base address for clients: `<origin>/v1`. */
  readonly url: string;
  close(): Promise<void>;
}

interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
}

/** The text of a message's content, which is a string or a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (typeof part?.text === 'string' ? part.text : '')).join(' ');
}

/** The tool that a prompt names by `call <tool>` or by the tool's bare name; `whoami` otherwise. */
function toolNamedIn(prompt: string): string {
  const words = prompt.split(/\W+/);
  const afterCall = words[words.indexOf('call') + 1];
  const known = words.find((word) => ['whoami', 'echo', 'admin_reset'].includes(word));
  return known ?? (words.includes('call') && afterCall ? afterCall : 'whoami');
}

let turns = 0;

/** The script: a user's turn is answered by a tool call, a tool's result is repeated in a sentence. */
function reply(last: ChatMessage | undefined): { finish_reason: string; message: object } {
  if (last?.role === 'tool') {
    const content = `The tool said: ${textOf(last.content)}`;
    return { finish_reason: 'stop', message: { role: 'assistant', content } };
  }
  const name = toolNamedIn(textOf(last?.content));
  const input = name === 'echo' ? { text: 'hello from the model' } : {};
  turns += 1;
  const call = { id: `call_${turns}`, type: 'function', function: { name, arguments: JSON.stringify(input) } };
  return { finish_reason: 'tool_calls', message: { role: 'assistant', content: null, tool_calls: [call] } };
}

function complete(request: Request, response: Response): void {
  const messages: ChatMessage[] = Array.isArray(request.body?.messages) ? request.body.messages : [];
  response.json({
    id: `chatcmpl-${crypto.randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: 'scripted',
    choices: [{ index: 0, ...reply(messages.at(-1)) }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  });
}

/** Starts the scripted model on the loopback interface, at a free port unless one is given. */
export async function startModel(port = 0): Promise<Model> {
  const { origin, close } = await listen(() => {
    const app = express();
    app.disable('x-powered-by');
    app.use(cors(), express.json({ limit: '1mb' }));
    app.post('/v1/chat/completions', complete);
    return app;
  }, port);
  return { url: `${origin}/v1`, close };
}
