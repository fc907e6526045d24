import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHostedToolErrors, readToolCalls } from '../../src/protocol/model-response.ts';
import { order, repeated } from '../linear.ts';

const stream = (...events: unknown[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
const lines = (...objects: unknown[]) => objects.map((object) => `${JSON.stringify(object)}\n`).join('');
const sse = 'text/event-stream';
const json = 'application/json';
const args = { q: 'a b', n: 1 };
const call = { callId: 'c', name: 's', args };
const delta = (tool: unknown) => ({ choices: [{ index: 0, delta: { tool_calls: [tool] } }] });

/** Every way a model asks for `s({"q":"a b","n":1})` as call `c`. */
const shapes: [string, string, string, string | null][] = [
  [
    'Anthropic',
    json,
    JSON.stringify({
      type: 'message',
      content: [
        { type: 'text', text: 'x' },
        { type: 'tool_use', id: 'c', name: 's', input: args },
      ],
    }),
    'c',
  ],
  [
    'Anthropic, streamed',
    sse,
    stream(
      { type: 'message_start', message: { content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'c', name: 's', input: {} } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"q":"a ' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'noise' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: 'b","n":1}' } },
    ),
    'c',
  ],
  [
    'OpenAI chat',
    json,
    JSON.stringify({
      choices: [
        {
          message: {
            tool_calls: [{ id: 'c', type: 'function', function: { name: 's', arguments: JSON.stringify(args) } }],
          },
        },
      ],
    }),
    'c',
  ],
  [
    'OpenAI chat, streamed',
    sse,
    `${stream(
      delta({ index: 0, id: 'c', function: { name: 's', arguments: '' } }),
      delta({ index: 0, function: { arguments: '{"q":"a b"' } }),
      delta({ index: 0, id: '', function: { arguments: ',"n":1}' } }),
    )}data: [DONE]\n\n`,
    'c',
  ],
  [
    'OpenAI Responses',
    json,
    JSON.stringify({
      output: [{ type: 'function_call', id: 'fc', call_id: 'c', name: 's', arguments: JSON.stringify(args) }],
    }),
    'c',
  ],
  [
    'OpenAI Responses, streamed and cut',
    sse,
    stream(
      {
        type: 'response.output_item.added',
        output_index: 1,
        item: { type: 'function_call', id: 'fc', call_id: 'c', name: 's', arguments: '' },
      },
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{"q":"a b",' },
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '"n":1}' },
    ),
    'c',
  ],
  [
    'OpenAI Responses, streamed to the end',
    sse,
    stream(
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { type: 'function_call', call_id: 'c', name: 's', arguments: '' },
      },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { type: 'function_call', call_id: 'c', name: 's', arguments: JSON.stringify(args) },
      },
      {
        type: 'response.completed',
        response: { output: [{ type: 'function_call', call_id: 'c', name: 's', arguments: JSON.stringify(args) }] },
      },
    ),
    'c',
  ],
  [
    'Gemini',
    json,
    JSON.stringify({ candidates: [{ content: { parts: [{ functionCall: { name: 's', args } }] } }] }),
    null,
  ],
  [
    'Gemini, an array',
    json,
    JSON.stringify([{ candidates: [{ content: { parts: [{ functionCall: { id: 'c', name: 's', args } }] } }] }]),
    'c',
  ],
  [
    'Bedrock',
    json,
    JSON.stringify({ output: { message: { content: [{ toolUse: { toolUseId: 'c', name: 's', input: args } }] } } }),
    'c',
  ],
  [
    'Bedrock, streamed as JSON',
    sse,
    stream(
      { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'c', name: 's' } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: JSON.stringify(args) } } } },
    ),
    'c',
  ],
  [
    'Ollama',
    'application/x-ndjson',
    lines(
      { message: { content: 'x' } },
      { message: { tool_calls: [{ function: { name: 's', arguments: args } }] }, done: true },
    ),
    null,
  ],
  [
    'LangGraph values',
    sse,
    stream({
      messages: [
        { type: 'human', content: 'x' },
        { type: 'ai', content: '', tool_calls: [{ id: 'c', name: 's', args }] },
      ],
    }),
    'c',
  ],
  [
    'LangGraph message chunks',
    sse,
    stream(
      [
        {
          type: 'AIMessageChunk',
          id: 'r',
          tool_calls: [{ id: 'c', name: 's', args: {} }],
          tool_call_chunks: [{ index: 0, id: 'c', name: 's', args: '' }],
        },
        {},
      ],
      [
        {
          type: 'AIMessageChunk',
          id: 'r',
          tool_calls: [],
          tool_call_chunks: [{ index: 0, id: null, name: null, args: JSON.stringify(args) }],
        },
        {},
      ],
    ),
    'c',
  ],
  [
    'AI SDK UI stream',
    sse,
    stream(
      { type: 'tool-input-start', toolCallId: 'c', toolName: 's' },
      { type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: '{"q":' },
      { type: 'tool-input-available', toolCallId: 'c', toolName: 's', input: args },
    ),
    'c',
  ],
  [
    'AI SDK 4 data stream',
    'text/plain',
    `f:{"messageId":"m"}\n0:"hi"\n9:${JSON.stringify({ toolCallId: 'c', toolName: 's', args })}\n`,
    'c',
  ],
  [
    'AI SDK 4 data stream, in pieces',
    'text/plain',
    `b:${JSON.stringify({ toolCallId: 'c', toolName: 's' })}\nc:${JSON.stringify({ toolCallId: 'c', argsTextDelta: JSON.stringify(args) })}\n`,
    'c',
  ],
  [
    'AG-UI',
    sse,
    stream(
      { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 's' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: JSON.stringify(args) },
      { type: 'TOOL_CALL_END', toolCallId: 'c' },
    ),
    'c',
  ],
];

describe('readToolCalls', () => {
  it.each(shapes)('reads %s', (_, type, text, callId) => {
    expect(readToolCalls(text, type)).toEqual([{ ...call, callId }]);
  });

  it('keeps parallel calls apart', () => {
    const text = stream(
      delta({ index: 0, id: 'a', function: { name: 'x', arguments: '{"i"' } }),
      delta({ index: 1, id: 'b', function: { name: 'y', arguments: '' } }),
      delta({ index: 0, function: { arguments: ':0}' } }),
    );
    expect(readToolCalls(text, sse)).toEqual([
      { callId: 'a', name: 'x', args: { i: 0 } },
      { callId: 'b', name: 'y', args: {} },
    ]);
  });

  it('keeps the text of arguments that are no JSON', () => {
    const text = JSON.stringify({
      choices: [{ message: { tool_calls: [{ id: 'c', function: { name: 's', arguments: '{"q":' } }] } }],
    });
    expect(readToolCalls(text, json)).toEqual([{ callId: 'c', name: 's', args: '{"q":' }]);
  });

  it('finds no calls in text, MCP results or other JSON', () => {
    for (const text of [
      '',
      'hello',
      '{"choices":[]}',
      '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"x"}]}}',
      '[1,2]',
      '{"__proto__":{"tool_calls":[{"name":"x"}]}}',
    ]) {
      expect(readToolCalls(text, json), text).toEqual([]);
    }
  });
});

describe('readHostedToolErrors', () => {
  it('reads OpenAI mcp_call and mcp_list_tools, once each', () => {
    const item = {
      type: 'mcp_call',
      id: 'm1',
      name: 'search',
      arguments: '{}',
      error: { type: 'http_error', code: 401, message: 'Unauthorized' },
    };
    const list = { type: 'mcp_list_tools', id: 'm2', server_label: 'x', tools: [], error: 'HTTP 401' };
    const expected = [
      { name: 'search', text: 'Unauthorized' },
      { name: null, text: 'HTTP 401' },
    ];
    expect(
      readHostedToolErrors(
        JSON.stringify({ output: [item, list, { type: 'mcp_call', id: 'm3', name: 'ok', error: null }] }),
        json,
      ),
    ).toEqual(expected);
    const text = stream(
      { type: 'response.output_item.done', item },
      { type: 'response.output_item.done', item: list },
      { type: 'response.completed', response: { output: [item, list] } },
    );
    expect(readHostedToolErrors(text, sse)).toEqual(expected);
  });

  it('reads Anthropic mcp_tool_result, with the name of its call', () => {
    const use = { type: 'mcp_tool_use', id: 'u', name: 'search', input: {} };
    const failed = {
      type: 'mcp_tool_result',
      tool_use_id: 'u',
      is_error: true,
      content: [{ type: 'text', text: 'invalid_token' }],
    };
    const expected = [{ name: 'search', text: 'invalid_token' }];
    expect(
      readHostedToolErrors(
        JSON.stringify({ content: [use, failed, { ...failed, tool_use_id: 'v', is_error: false }] }),
        json,
      ),
    ).toEqual(expected);
    const text = stream(
      { type: 'content_block_start', index: 0, content_block: use },
      { type: 'content_block_start', index: 1, content_block: failed },
    );
    expect(readHostedToolErrors(text, sse)).toEqual(expected);
  });

  it('reads tool-output-error of the AI SDK', () => {
    const text = stream(
      { type: 'tool-input-start', toolCallId: 'c', toolName: 's' },
      { type: 'tool-output-error', toolCallId: 'c', errorText: 'An error occurred.' },
    );
    expect(readHostedToolErrors(text, sse)).toEqual([{ name: 's', text: 'An error occurred.' }]);
  });
});

describe('hostile input', () => {
  it('takes any text, and any JSON in any place', () => {
    const key = fc.constantFrom(
      'content',
      'output',
      'message',
      'messages',
      'choices',
      'delta',
      'tool_calls',
      'function',
      'id',
      'index',
      'type',
      'name',
      'candidates',
      'parts',
      'functionCall',
      'contentBlockStart',
      'content_block',
      'item',
      'error',
      '__proto__',
    );
    const word = fc.constantFrom(
      'tool_use',
      'mcp_call',
      'function_call',
      'mcp_tool_result',
      'content_block_start',
      'tool-output-error',
      'TOOL_CALL_ARGS',
      '__proto__',
      '\ud800',
    );
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        word,
        fc.constant(null),
        fc.integer(),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 5 }),
      ),
    }));
    const text = fc.oneof(
      node.map((value) => JSON.stringify(value)),
      fc.array(node).map((nodes) => stream(...nodes)),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(sse, json, ''), (body, type) => {
        for (const each of readToolCalls(body, type)) expect(typeof each.name).toBe('string');
        for (const each of readHostedToolErrors(body, type)) expect(typeof each.text).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });

  const piece = stream(delta({ index: 0, id: 'c', function: { name: 's', arguments: 'x' } }));
  it.each([
    piece,
    'data:{"type":"tool-input-delta","toolCallId":"a","inputTextDelta":"x"}\n\n',
    '9:{}\n',
    '{\n',
    '\n',
    'data:[\n\n',
  ])('is linear on %j', (each) => {
    for (const type of [sse, json]) {
      expect(
        order(
          (text) => readToolCalls(text, type),
          (n) => repeated(each, n),
        ),
      ).toBeLessThan(1.7);
      expect(
        order(
          (text) => readHostedToolErrors(text, type),
          (n) => repeated(each, n),
        ),
      ).toBeLessThan(1.7);
    }
  });
});
