import { describe, expect, it } from 'vitest';
import { readToolCalls } from '../../../src/protocol/model.ts';
import { plainBody, rewriteBody } from '../../../src/report/redaction/body.ts';
import { gatherFragments } from '../../../src/report/redaction/fragments.ts';
import { Scribe } from '../../../src/report/redaction/scribe.ts';
import { Vault } from '../../../src/report/redaction/vault.ts';

const anthropic = [
  '{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"search","input":{}}}',
  '{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"q\\": \\"my di"}}',
  '{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"ary\\"}"}}',
  '{"type":"content_block_stop","index":1}',
];
const openai = [
  '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"search","arguments":""}}]}}]}',
  '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"q\\":\\"my "}}]}}]}',
  '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"diary\\"}"}}]}}]}',
];

describe('gatherFragments', () => {
  it('writes a run of fragments into its first event', () => {
    const gathered = gatherFragments(anthropic);
    expect(gathered[0]).toBe(anthropic[0]);
    expect(gathered[1]).toContain('my diary');
    expect(gathered[2]).toContain('"partial_json":""');
    expect(gatherFragments(gathered)).toEqual(gathered);
  });

  it('leaves other streams alone', () => {
    const other = ['{"type":"ping"}', 'not JSON with arguments', '[DONE]'];
    expect(gatherFragments(other)).toEqual(other);
  });

  for (const [name, events] of Object.entries({ anthropic, openai })) {
    it(`keeps streamed arguments of ${name} joinable, without their words`, () => {
      const stream = events.map((event) => `data: ${event}\n\n`).join('');
      const vault = new Vault([], false, new Set());
      const body = { ...plainBody, mimeType: 'text/event-stream', model: true };
      rewriteBody(stream, body, new Scribe(vault, null));
      const shown = rewriteBody(stream, body, new Scribe(vault, vault.seal()));
      expect(shown).not.toMatch(/diary|my di/);
      const [call] = readToolCalls(shown, 'text/event-stream');
      expect(call).toMatchObject({ name: 'search', args: { q: expect.stringMatching(/^text-\d+$/) } });
    });
  }
});
