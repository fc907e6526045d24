import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeModelTraffic, readToolResults, type ToolResult } from '../../src/protocol/model-request.ts';
import { order, repeated } from '../linear.ts';

type Expected = Omit<ToolResult, 'textRange'>;
const chat = (...messages: unknown[]) => ({ messages });
const said = 'HTTP 401: "no"';
const mcpError = { isError: true, content: [{ type: 'text', text: said }] };

/** Every row of requests that tell a model a tool's result; the text is `said` in each. */
const shapes: [string, unknown, Omit<Expected, 'text'>][] = [
  [
    'Anthropic Messages',
    chat({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: said, is_error: true }] }),
    { callId: 'c', name: null, flaggedError: true },
  ],
  [
    'Anthropic Messages with parts',
    chat({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'c', content: [{ type: 'text', text: said }] }],
    }),
    { callId: 'c', name: null, flaggedError: false },
  ],
  [
    'OpenAI Chat Completions',
    chat({ role: 'tool', tool_call_id: 'c', content: said }),
    { callId: 'c', name: null, flaggedError: false },
  ],
  [
    'OpenAI Chat Completions with parts',
    chat({ role: 'tool', tool_call_id: 'c', content: [{ type: 'text', text: said }] }),
    { callId: 'c', name: null, flaggedError: false },
  ],
  [
    'OpenAI Responses',
    { model: 'm', input: [{ type: 'function_call_output', call_id: 'c', output: said }] },
    { callId: 'c', name: null, flaggedError: false },
  ],
  [
    'AI SDK UI, output-error',
    chat({
      id: '1',
      role: 'assistant',
      parts: [{ type: 'tool-search', toolCallId: 'c', state: 'output-error', errorText: said }],
    }),
    { callId: 'c', name: 'search', flaggedError: true },
  ],
  [
    'AI SDK UI, dynamic tool with an MCP error',
    chat({
      role: 'assistant',
      parts: [{ type: 'dynamic-tool', toolName: 's', toolCallId: 'c', state: 'output-available', output: mcpError }],
    }),
    { callId: 'c', name: 's', flaggedError: true },
  ],
  [
    'AI SDK UI, only the last message',
    {
      id: 'chat',
      message: {
        role: 'assistant',
        parts: [{ type: 'tool-s', toolCallId: 'c', state: 'output-error', errorText: said }],
      },
    },
    { callId: 'c', name: 's', flaggedError: true },
  ],
  [
    'AI SDK 4, invocations',
    chat({
      role: 'assistant',
      content: '',
      toolInvocations: [{ state: 'result', toolCallId: 'c', toolName: 's', result: said }],
    }),
    { callId: 'c', name: 's', flaggedError: false },
  ],
  [
    'AI SDK 4, parts',
    chat({
      role: 'assistant',
      parts: [
        {
          type: 'tool-invocation',
          toolInvocation: { state: 'result', toolCallId: 'c', toolName: 's', result: mcpError },
        },
      ],
    }),
    { callId: 'c', name: 's', flaggedError: true },
  ],
  [
    'AI SDK model messages',
    chat({
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: 'c', toolName: 's', output: { type: 'error-text', value: said } }],
    }),
    { callId: 'c', name: 's', flaggedError: true },
  ],
  [
    'Gemini',
    { contents: [{ role: 'user', parts: [{ functionResponse: { id: 'c', name: 's', response: { error: said } } }] }] },
    { callId: 'c', name: 's', flaggedError: true },
  ],
  [
    'Bedrock Converse',
    chat({ role: 'user', content: [{ toolResult: { toolUseId: 'c', status: 'error', content: [{ text: said }] } }] }),
    { callId: 'c', name: null, flaggedError: true },
  ],
  [
    'AG-UI',
    { threadId: 't', ...chat({ id: '2', role: 'tool', toolCallId: 'c', content: said }) },
    { callId: 'c', name: null, flaggedError: false },
  ],
  [
    'Ollama',
    { model: 'm', ...chat({ role: 'tool', tool_name: 's', content: said }) },
    { callId: null, name: 's', flaggedError: false },
  ],
  [
    'LangGraph',
    { input: chat({ type: 'tool', tool_call_id: 'c', status: 'error', content: said, name: 's' }) },
    { callId: 'c', name: 's', flaggedError: true },
  ],
  [
    'LangChain, serialised',
    chat({
      lc: 1,
      type: 'constructor',
      id: ['langchain_core', 'messages', 'ToolMessage'],
      kwargs: { tool_call_id: 'c', content: said },
    }),
    { callId: 'c', name: null, flaggedError: false },
  ],
];

describe('readToolResults', () => {
  it.each(shapes)('reads %s', (_, body, expected) => {
    for (const indent of [0, 2]) {
      const text = JSON.stringify(body, null, indent);
      const results = readToolResults(text);
      expect(results).toHaveLength(1);
      expect(results[0]).toMatchObject({ ...expected, text: said });
      expect(JSON.parse(`"${text.slice(...(results[0]?.textRange ?? [0, 0]))}"`)).toBe(said);
    }
  });

  it('gives equal texts different places', () => {
    const text = JSON.stringify(
      chat({ role: 'tool', tool_call_id: 'a', content: 'x!' }, { role: 'tool', tool_call_id: 'b', content: 'x!' }),
    );
    const ranges = readToolResults(text).map((result) => result.textRange);
    expect(ranges[0]).not.toEqual(ranges[1]);
    for (const range of ranges) expect(text.slice(...(range ?? [0, 0]))).toBe('x!');
  });

  it('sees the error flag inside a result passed on as a JSON string', () => {
    const [result] = readToolResults(
      JSON.stringify(chat({ role: 'tool', tool_call_id: 'c', content: JSON.stringify(mcpError) })),
    );
    expect(result).toMatchObject({ flaggedError: true });
  });

  it('reads no results from words of the user, calls, or unfinished tools', () => {
    const body = chat(
      { role: 'user', content: 'tool_result: 401' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 's', input: { text: '401' } }] },
      { role: 'assistant', parts: [{ type: 'tool-s', toolCallId: 'd', state: 'input-available', input: {} }] },
      null,
      [],
      'x',
    );
    expect(readToolResults(JSON.stringify(body))).toEqual([]);
  });
});

describe('looksLikeModelTraffic', () => {
  it.each(shapes)('knows the body of %s', (_, body) => {
    expect(looksLikeModelTraffic('https://app.example.com/backend', JSON.stringify(body))).toBe(true);
  });

  it('knows it by whatever spelling of its members', () => {
    expect(looksLikeModelTraffic('https://a/b', '{"\\u006dessages":[{"role":"user","content":"hi"}]}')).toBe(true);
  });

  it('knows the paths of APIs, where the body is cut or says little', () => {
    expect(looksLikeModelTraffic('https://api.openai.com/v1/responses', '{"model":"m","input":"hello"}')).toBe(true);
    expect(looksLikeModelTraffic('https://api.anthropic.com/v1/messages', '{"model":"m","messa')).toBe(true);
    expect(looksLikeModelTraffic('https://g/v1beta/models/gemini:generateContent?key=k', '')).toBe(true);
    expect(looksLikeModelTraffic('https://bedrock/model/x/converse', '')).toBe(true);
  });

  it('is not misled by JSON-RPC and ordinary traffic', () => {
    const sampling = {
      jsonrpc: '2.0',
      id: 1,
      method: 'sampling/createMessage',
      params: {},
      messages: [{ role: 'user' }],
    };
    const others: [string, string][] = [
      ['https://a/v1/messages', JSON.stringify(sampling)],
      ['https://a/mcp', '{"jsonrpc":"2.0","method":"tools/list","id":1}'],
      ['https://a/token', 'grant_type=refresh_token'],
      ['https://a/inbox', '{"messages":[{"from":"x","text":"hi"}]}'],
      ['https://a/search', '{"input":["x"]}'],
      ['https://a/post', '{"message":{"type":"message","text":"hi"}}'],
      ['https://a/v1/responses', 'survey=1'],
      ['', ''],
    ];
    for (const [url, body] of others) expect(looksLikeModelTraffic(url, body), body).toBe(false);
  });
});

describe('hostile input', () => {
  it('takes any text, and any JSON in any place', () => {
    const key = fc.constantFrom(
      'messages',
      'input',
      'contents',
      'content',
      'parts',
      'role',
      'type',
      'output',
      'toolResult',
      'functionResponse',
      'response',
      'toolInvocations',
      'kwargs',
      'state',
      '__proto__',
    );
    const word = fc.constantFrom(
      'tool',
      'tool_result',
      'tool-result',
      'tool-x',
      'output-error',
      'output-available',
      'constructor',
      'function_call_output',
      '\ud800',
    );
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        word,
        fc.constant(null),
        fc.boolean(),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          node.map((value) => JSON.stringify(value)),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          for (const result of readToolResults(text)) {
            if (result.textRange !== null) expect(result.textRange[1]).toBeLessThanOrEqual(text.length);
          }
          looksLikeModelTraffic(text, text);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    '{"role":"tool","content":"x"},',
    '{"role":"tool","content":[{"text":"a"}]},',
    '{"type":"tool","content":"{\\"isError\\":tru"},',
    '{"content":',
    '"',
  ])('is linear on %j', (piece) => {
    const closed = (n: number) => `{"messages":[${repeated(piece, n)}0]}`;
    expect(order(readToolResults, closed)).toBeLessThan(1.7);
    expect(order((text) => looksLikeModelTraffic('https://a/b', text), closed)).toBeLessThan(1.7);
  });

  it('is linear in depth', () => {
    const deep = (n: number) => `{"messages":[${'['.repeat(n)}0]}`;
    expect(order(readToolResults, deep)).toBeLessThan(1.7);
    expect(order((text) => looksLikeModelTraffic('https://a/b', text), deep)).toBeLessThan(1.7);
  });
});
