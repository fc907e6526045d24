import { describe, expect, it } from 'vitest';
import { type Traffic, traffic } from '../traffic/traffic.ts';
import { tell } from './story.ts';

const TOKEN = 'some-token-0123456789';

/** `told entry, call entry, proof` of each failure that a model was told of. */
function surfaced(log: Traffic): readonly string[] {
  return tell(log).surfaced.map(({ exchange, call, proof }) => `${exchange.entry} ${call.exchange.entry} ${proof}`);
}

describe('a failed call that reached the model', () => {
  it('is joined by the model’s call id', () => {
    expect(
      surfaced(traffic().ask('search', 'call-1').expired('search', { token: TOKEN }).tell('call-1', 'Unauthorized')),
    ).toEqual(['2 1 proved']);
    expect(
      surfaced(
        traffic().askClaude('search', 'toolu-1').forbidden('w', 'search', { token: TOKEN }).tellClaude('toolu-1', 'no'),
      ),
    ).toEqual(['2 1 proved']);
  });
  it('is told once, however often its result is repeated as history', () => {
    const log = traffic()
      .ask('search', 'call-1')
      .expired('search', { token: TOKEN })
      .tell('call-1', 'Unauthorized')
      .tell('call-1', 'Unauthorized');
    expect(surfaced(log)).toEqual(['2 1 proved']);
  });
  it('is joined by name where there is no id (Ollama)', () => {
    const log = traffic().model(
      { messages: [{ role: 'user', content: 'x' }] },
      { message: { role: 'assistant', content: '', tool_calls: [{ function: { name: 'search', arguments: {} } }] } },
      'http://localhost:11434/api/chat',
    );
    log.expired('search', { token: TOKEN }).model(
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'tool', tool_name: 'search', content: 'HTTP 401 Unauthorized' },
        ],
      },
      {},
      'http://localhost:11434/api/chat',
    );
    expect(surfaced(log)).toEqual(['2 1 strong']);
  });
  it.each(['mcp__files__search', 'files_search', 'files-search', 'files.search'])(
    'keeps its name under the host’s prefix: %s',
    (name) => {
      expect(
        surfaced(traffic().ask(name, 'call-1').expired('search', { token: TOKEN }).tell('call-1', 'Unauthorized')),
      ).toHaveLength(1);
    },
  );
  it('may have arguments that the host added, not others', () => {
    const log = (args: object): Traffic =>
      traffic()
        .ask('search', 'call-1', { q: 'a' })
        .expired('search', { token: TOKEN, args })
        .tell('call-1', 'Unauthorized');
    expect(surfaced(log({ q: 'a', tenant: 't' }))).toHaveLength(1);
    expect(surfaced(log({ q: 'b' }))).toEqual([]);
  });
  it('is the last attempt, and none where that succeeded', () => {
    const log = (): Traffic => traffic().ask('search', 'call-1').expired('search', { token: TOKEN });
    expect(surfaced(log().expired('search', { token: 'other-token-0123456' }).tell('call-1', 'Unauthorized'))).toEqual([
      '3 2 proved',
    ]);
    expect(surfaced(log().call('search', { token: 'other-token-0123456' }).tell('call-1', 'Unauthorized'))).toEqual([]);
  });
  it('is none where the result does not say so, or the call was never asked for, or long before', () => {
    expect(
      surfaced(
        traffic()
          .ask('search', 'call-1')
          .expired('search', { token: TOKEN })
          .tell('call-1', 'please sign in at our page'),
      ),
    ).toEqual([]);
    expect(surfaced(traffic().expired('search', { token: TOKEN }).tell('call-1', 'Unauthorized'))).toEqual([]);
    expect(
      surfaced(
        traffic()
          .ask('search', 'call-1')
          .wait(61_000)
          .expired('search', { token: TOKEN })
          .tell('call-1', 'Unauthorized'),
      ),
    ).toEqual([]);
  });
  it('is that of the nearest of two servers with the same tool, each call claimed once', () => {
    const second = 'https://mcp.example.com/second';
    const log = traffic()
      .ask('search', 'call-1')
      .expired('search', { token: TOKEN })
      .expired('search', { token: TOKEN, server: second });
    log
      .tell('call-1', 'Unauthorized')
      .ask('search', 'call-2')
      .expired('search', { token: TOKEN, server: second })
      .tell('call-2', 'Unauthorized');
    expect(surfaced(log)).toEqual(['3 1 proved', '6 5 proved']);
  });
});
