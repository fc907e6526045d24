import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { s256 } from '../../src/protocol/pkce.ts';
import type { Analysis } from '../../src/report/analysis.ts';
import { analyze } from '../../src/report/analyze.ts';
import { expected, laboratory } from '../recordings/expected.ts';
import { jwt, type Traffic, traffic } from '../traffic/traffic.ts';

/** A log in which no client, server or authorization server does anything wrong. */
export interface Clean {
  readonly name: string;
  readonly document: unknown;
  readonly analysis: Analysis;
}

function clean(name: string, document: unknown): Clean {
  return { name, document, analysis: analyze(document, { name }) };
}

/** Numbers that look random and are the same for the same seed (Park and Miller). */
export function numbers(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const revisions = ['2026-07-28', '2025-11-25', '2025-06-18'] as const;

/** A sound session: sign-in, calls, and by the seed refreshes, step-ups and a model. */
export function session(seed: number): Clean {
  const random = numbers(seed * 7919 + 13);
  const revision = revisions[random(revisions.length)] ?? '2026-07-28';
  const host = `mcp${seed}.example.com`;
  const server = `https://${host}/${['mcp', 'v1/mcp', 'sse'][random(3)]}`;
  const issuer = `https://as${seed}.example.com${random(3) === 0 ? '/tenant' : ''}`;
  const base = ['files:read', 'search', 'notes.read'].slice(0, 1 + random(3));
  const scopes = [...base, 'offline_access'];
  const log = traffic({ revision, server, issuer });
  const scope = scopes.join(' ');
  const token = (number: number): string =>
    random(2) === 0
      ? `opaque-${seed}-${number}-0123456789abcdef`
      : jwt({ iss: issuer, aud: server, sub: `user-${seed}`, jti: `${seed}-${number}`, exp: 1_900_000_000 });
  const refresh = (number: number): string => `refresh-${seed}-${number}-0123456789abcdef`;
  const place = `resource_metadata="https://${host}/.well-known/oauth-protected-resource${new URL(server).pathname}"`;
  log.challenge({ scope: base.join(' ') });
  log.prm({ scopes: [...base, 'files:write'] });
  log.asm({
    scopes: [...base, 'files:write', 'offline_access'],
    members: { authorization_response_iss_parameter_supported: true },
  });
  log.reg({ clientId: `client-${seed}-0001` });
  log.az({ scope, prompt: 'consent', answer: { iss: issuer } });
  log.tk({ scope, token: token(1), refresh: refresh(1) });
  if (revision !== '2026-07-28') log.call('initialize');
  let turn = 1;
  const calls = (count: number): void => {
    for (let index = 0; index < count; index += 1) log.call(['search', 'read', 'list'][random(3)], { args: { index } });
  };
  calls(1 + random(4));
  const withModel = random(2) === 0;
  if (random(3) > 0) {
    turn += 1;
    // The token's hour is over.
    log.wait(3_700_000);
    if (withModel) log.ask('search', 'call_1', { query: 'late' });
    const args = { query: 'late' };
    log.expired('search', { args, challenge: `Bearer error="invalid_token", ${place}` });
    log.rf({ scope, token: token(turn), refresh: refresh(turn) });
    log.call('search', { args });
    if (withModel) log.tell('call_1', 'done');
    log.wait(120_000);
    calls(1 + random(3));
  }
  if (random(2) === 0) {
    turn += 1;
    const union = [...base, 'files:write', 'offline_access'].join(' ');
    const wanted = [...base, 'files:write'].join(' ');
    const challenge = `Bearer error="insufficient_scope", scope="${wanted}", ${place}`;
    log.forbidden('files:write', 'write', { args: { text: 'x' }, challenge });
    log.az({ scope: union, prompt: 'consent', answer: { iss: issuer } });
    log.tk({ scope: union, token: token(turn), refresh: refresh(turn) });
    log.call('write', { args: { text: 'x' } });
    calls(1 + random(3));
  }
  return clean(`session ${seed}`, salted(log, seed));
}

/** The builder's codes, states and verifiers are the same in every log: here each log has its own. */
function salted(log: Traffic, seed: number): unknown {
  let text = JSON.stringify(log.har()).replaceAll('-abcdefghijklmnop', `-abcdefgh${seed}ijklmnop`);
  for (const verifier of new Set(text.match(/verifier-\d+-\d+/g))) {
    const own = verifier.replace('verifier-', `verifier-${seed}-`);
    text = text.replaceAll(s256(verifier), s256(own)).replaceAll(verifier, own);
  }
  return JSON.parse(text);
}

/** Clean recordings of real clients: the project's own, and those of the corpus, where it is there. */
export function recordings(): readonly Clean[] {
  return [...ownRecordings(), ...corpusRecordings()];
}

/** Those that show no more than the laboratory's own servers do. */
function ownRecordings(): readonly Clean[] {
  const folder = resolve(import.meta.dirname, '../recordings');
  return Object.entries(expected)
    .filter(([, faults]) => faults === laboratory)
    .map(([name]) => clean(`own ${name}`, JSON.parse(readFileSync(join(folder, `${name}.har`), 'utf8'))));
}

function corpusRecordings(): readonly Clean[] {
  const root = process.env.MCP_AUTH_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');
  const expected = join(root, 'real/expected.json');
  if (!existsSync(expected)) return [];
  const marks: Record<string, { readonly clean?: boolean }> = JSON.parse(readFileSync(expected, 'utf8'));
  return readdirSync(join(root, 'real'))
    .filter((file) => file.endsWith('.har') && marks[file.slice(0, -4)]?.clean === true && !file.startsWith('neg-'))
    .map((file) => clean(file.slice(0, -4), JSON.parse(readFileSync(join(root, 'real', file), 'utf8'))));
}
