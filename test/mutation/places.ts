import type { Grant } from '../../src/story/model.ts';
import { type Draft, type Entry, header, query, setLocation } from './edit.ts';

/** One kind of fault that a client, a server or an authorization server can commit, and how it is put into a sound log. */
export interface Fault {
  readonly kind: string;
  /** The rules of which one at least must find it. */
  readonly rules: readonly string[];
  /** Rules that rightly fail besides, since the fault entails what they are about; each with the reason. */
  readonly entails?: Readonly<Record<string, string>>;
  /** The first MCP revision that knows of it; earlier sessions have no place for it. */
  readonly since?: '2025-11-25' | '2026-07-28';
  /** Puts it in; returns the culprit's index, null where the log has no place for it. */
  plant(draft: Draft): number | null;
}

export function tokenOf(draft: Draft, index: number): string | null {
  const entry = draft.entries[index];
  return entry === undefined ? null : header(entry.request, 'authorization');
}

const first = <T>(items: readonly T[]): T | null => items[0] ?? null;

/** Places in a sound log, by what it was judged to be. */
export const at = {
  /** Sign-ins that were seen through: of one that was given up too little is known. */
  grants: (draft: Draft): readonly Grant[] =>
    draft.clean.story.grants.filter(({ server, callback, token }) => server !== null && (callback ?? token) !== null),
  authorize: (draft: Draft): number | null => first(at.grants(draft))?.authorization?.exchange.entry ?? null,
  callback: (draft: Draft): number | null => first(at.grants(draft))?.callback?.exchange.entry ?? null,
  token: (draft: Draft): number | null => first(at.grants(draft))?.token?.exchange.entry ?? null,
  stepUp: (draft: Draft): Grant | null => first(at.grants(draft).filter((grant) => grant.cause === 'step-up')),
  role: (draft: Draft, kind: string): number | null =>
    first([...draft.clean.story.roles].filter(([, role]) => role.kind === kind).map(([entry]) => entry)),
  /** Calls with a token that were answered with 200. */
  calls: (draft: Draft): readonly number[] =>
    [...draft.clean.story.roles]
      .filter(([entry, role]) => {
        const found = draft.entries[entry];
        return (
          role.kind === 'mcp' &&
          found?.request.method === 'POST' &&
          found.response.status === 200 &&
          found.request.postData?.text.includes('"id"') === true &&
          header(found.request, 'authorization') !== null
        );
      })
      .map(([entry]) => entry)
      .sort((one, other) => one - other),
  call: (draft: Draft): number | null => at.calls(draft).at(-1) ?? null,
  challenge: (draft: Draft): number | null =>
    first(draft.entries.flatMap((entry, index) => (isTokenless401(entry) ? [index] : []))),
  refresh: (draft: Draft): number | null => at.role(draft, 'refresh'),
};

function isTokenless401(entry: Entry): boolean {
  return (
    entry.response.status === 401 &&
    header(entry.request, 'authorization') === null &&
    header(entry.response, 'www-authenticate') !== null
  );
}

/** A change to the entry at one of these places. */
export function change(
  place: (draft: Draft) => number | null,
  how: (entry: Entry, draft: Draft) => unknown,
): Fault['plant'] {
  return (draft) => {
    const index = place(draft);
    if (index === null) return null;
    return how(draft.entry(index), draft) === false ? null : index;
  };
}

/** Changes the authorization response at each hop that carries it; returns the first of them. */
export function answerRedirect(draft: Draft, how: (url: string) => string): number | null {
  const callback = at.callback(draft);
  const landing = callback === null ? null : draft.entry(callback);
  const code = landing && (query(landing, 'code') ?? codeOf(header(landing.response, 'location')));
  if (!code) return null;
  for (const entry of draft.entries) {
    const location = header(entry.response, 'location');
    if (location !== null && codeOf(location) === code) setLocation(entry, how(location));
    if (query(entry, 'code') === code) entry.request.url = how(entry.request.url);
  }
  return callback;
}

function codeOf(location: string | null): string | null {
  return location !== null && URL.canParse(location) ? new URL(location).searchParams.get('code') : null;
}

export const ELSEWHERE = 'https://elsewhere.example.net';

/** The other authorization server's metadata, read by the same page before: without it nobody knows whose its endpoints are. */
export function knowElsewhere(draft: Draft): boolean {
  const place = at.role(draft, 'authorization-server-metadata');
  const other = place === null ? undefined : draft.entries[place];
  const last = draft.entries.length - 1;
  if (other === undefined || other.response.status !== 200 || !other.response.content.text?.startsWith('{'))
    return false;
  const document = JSON.parse(other.response.content.text);
  if (!URL.canParse(document.issuer)) return false;
  const endpoints = { authorization_endpoint: `${ELSEWHERE}/authorize`, token_endpoint: `${ELSEWHERE}/token` };
  const copy = structuredClone(other);
  copy.request.url = `${ELSEWHERE}/.well-known/oauth-authorization-server`;
  copy.response.content.text = JSON.stringify({ ...document, ...endpoints, issuer: ELSEWHERE });
  draft.insert(last, copy, 5);
  return true;
}
