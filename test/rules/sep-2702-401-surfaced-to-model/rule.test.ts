import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { asked, DEAD, discovered, EVERY_REVISION, HOUR, R_OA, RENEWED, RT1, signedIn } from '../sessions.ts';

const RULE = 'sep-2702-401-surfaced-to-model';

describe(RULE, () => {
  test('passes when the call was mended before the model was told', () => {
    expectOnly(asked().expired().as('401').rf().call().tell('call_1', 'done'), RULE, 'pass', { at: '401' });
  });

  test('passes when the repeated call was refused too', () => {
    const log = asked().expired().rf().expired().tell('call_1', 'HTTP 401').as('LLM');
    expect(judged(log, RULE).map(verdictOf)).not.toContain('warning');
  });

  test.each(EVERY_REVISION)('is a warning in %s: the model was given the error', (revision) => {
    const log = asked({ revision }).expired().tell('call_1', 'HTTP 401 Unauthorized').as('LLM');
    const words = { at: 'LLM', part: 'request.postData', quoted: 'HTTP 401 Unauthorized' };
    expectOnly(log, RULE, 'warning', { ...words, party: 'client', says: "joined by the model's call id" });
  });

  test('names the refresh that came too late', () => {
    const log = asked().expired().tell('call_1', 'Unauthorized').as('LLM').rf();
    expectOnly(log, RULE, 'warning', { at: 'LLM', says: 'the refresh came only afterwards' });
  });

  test('is open when a token request without its body came before the model was told', () => {
    const log = asked().expired().as('401').rf().withoutRequestBody().tell('call_1', 'Unauthorized').as('LLM');
    expectOnly(log, RULE, 'open', { at: 'LLM', missing: ['token-request'] });
  });

  test('notes a call that the model asked for again after its retry, where the log shows that it was told nothing', () => {
    const repeated = (lost: boolean) => {
      const log = asked().expired().rf().call().ask('search', 'call_2').as('again');
      return lost ? log.withoutRequestBody() : log;
    };
    expect(judged(repeated(false), RULE).map(verdictOf)).toContain('note');
    expect(judged(repeated(true), RULE).map(verdictOf)).not.toContain('note');
  });

  test('joins by name and time where the model gives no call ids', () => {
    const url = 'https://model.example.net/api/chat';
    const user = { role: 'user', content: 'please' };
    const call = { function: { name: 'search', arguments: {} } };
    const log = signedIn()
      .wait(HOUR)
      .model({ messages: [user] }, { message: { role: 'assistant', content: '', tool_calls: [call] } }, url);
    log
      .expired()
      .model({ messages: [user, { role: 'tool', tool_name: 'search', content: 'HTTP 401' }] }, {}, url)
      .as('LLM');
    expectOnly(log, RULE, 'warning', { at: 'LLM', quoted: 'HTTP 401', says: 'joined by tool name and time' });
  });

  test('counts only the first request that carries the result', () => {
    const log = asked().expired().tell('call_1', 'Unauthorized').as('LLM').tell('call_1', 'Unauthorized');
    expectOnly(log, RULE, 'warning', { at: 'LLM' });
  });

  test('is open when no token response shows whether there was a refresh token', () => {
    const token = 'access-token-from-before';
    const log = traffic()
      .call('tools/list', { token })
      .ask('search', 'call_1')
      .expired('search', { token })
      .tell('call_1', 'Unauthorized')
      .as('LLM');
    expectOnly(log, RULE, 'open', { at: 'LLM', quoted: 'Unauthorized', missing: ['token-response'] });
  });

  test('is open when no request to a model is in the log', () => {
    expectOnly(signedIn().wait(HOUR).expired().as('401'), RULE, 'open', { at: '401', missing: ['model-traffic'] });
  });

  test('is open when the provider called the MCP server itself', () => {
    const content = [
      { type: 'mcp_tool_result', tool_use_id: 'm1', is_error: true, content: [{ type: 'text', text: 'HTTP 401' }] },
    ];
    const log = traffic()
      .model({ messages: [{ role: 'user', content: 'please' }] }, { role: 'assistant', content })
      .as('LLM');
    expectOnly(log, RULE, 'open', { at: 'LLM', part: 'response.content', missing: ['mcp-traffic'] });
  });

  test('is open once for a failed tool behind the page, and silent about a tool that is no MCP tool of the log', () => {
    const chat = (text: string) => ({
      messages: [
        {
          role: 'assistant',
          parts: [{ type: 'tool-search', toolCallId: 'c1', state: 'output-error', errorText: text }],
        },
      ],
    });
    const log = traffic().model(chat('HTTP 401'), {}).as('LLM').model(chat('HTTP 401'), {});
    expectOnly(log, RULE, 'open', {
      at: 'LLM',
      part: 'request.postData',
      quoted: 'HTTP 401',
      missing: ['mcp-traffic'],
    });
    expect(judged(traffic().model(chat('no such file'), {}), RULE)).toEqual([]);
    expect(judged(signedIn().call('search').model(chat('An error occurred.'), {}), RULE)).toEqual([]);
  });

  test('without a refresh token it does not apply, and the harm is told (law 3)', () => {
    const log = discovered()
      .az(RENEWED)
      .tk({ scope: 'r' })
      .call('tools/list')
      .wait(HOUR)
      .ask('search', 'call_1')
      .expired()
      .tell('call_1', 'Unauthorized')
      .as('LLM');
    const found = judged(log, RULE);
    expect(found.map(verdictOf).toSorted()).toEqual(['informational', 'notApplicable']);
    expect(found.map(({ evidence }) => evidence[0]?.entry)).toEqual([log.entry('LLM'), log.entry('LLM')]);
  });

  test('does not apply to a refused refresh token, a fresh token or a log-out', () => {
    expectOnly(asked().expired().rf(DEAD).tell('call_1', 'Unauthorized'), RULE, 'notApplicable', {
      says: 'needs-reauth',
    });
    const fresh = discovered()
      .az(RENEWED)
      .tk({ scope: R_OA, refresh: RT1 })
      .ask('search', 'call_1')
      .expired()
      .tell('call_1', 'Unauthorized');
    expectOnly(fresh, RULE, 'notApplicable');
    expectOnly(
      signedIn().revoke().ask('search', 'call_1').expired().tell('call_1', 'Unauthorized'),
      RULE,
      'notApplicable',
    );
  });

  test('notes a retry that the model saw, and not a question asked anew after its answer', () => {
    const seen = asked().expired().rf().call().ask('search', 'call_2').as('LLM').call().tell('call_2', 'done');
    const [pass, note] = judged(seen, RULE);
    expect(pass?.kind).toBe('pass');
    expect(note).toMatchObject({
      level: 'note',
      evidence: [{ entry: seen.entry('LLM'), part: 'response.content' }, {}],
    });
    expectOnly(asked().expired().rf().call().tell('call_1', 'done').ask('search', 'call_2').call(), RULE, 'pass');
  });
});
