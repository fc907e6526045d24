import { readHostedToolErrors, readToolResults } from '../../protocol/model.ts';
import { modelTalk } from './conversation.ts';
import { bytesOfBase64, decodeBase64, encodeBase64 } from './encoding.ts';
import { gatherFragments } from './fragments.ts';
import { rewriteJson } from './json-text.ts';
import type { Kind } from './names.ts';
import { type JsonContext, rootOf, type Scribe } from './scribe.ts';

/** What is known of a body besides its text. */
export interface BodyPlace {
  /** Media type with or without parameters; may be empty. */
  readonly mimeType: string;
  /** A form of the authorization server's own pages: every field is secret. */
  readonly ownForm: boolean;
  /** A page of the authorization server: shows who signed in. */
  readonly ownPage: boolean;
  /** What an authorization server says of a user or a token. */
  readonly claims: boolean;
  /** A message to or from a language model. */
  readonly model: boolean;
  readonly base64: boolean;
}

export const plainBody: BodyPlace = {
  mimeType: '',
  ownForm: false,
  ownPage: false,
  claims: false,
  model: false,
  base64: false,
};

/** Rewrites a request's or response's body, by its media type and, where that lies, by its look. */
export function rewriteBody(text: string, place: BodyPlace, scribe: Scribe): string {
  if (text === '') return text;
  if (place.base64) {
    const decoded = decodeBase64(text);
    if (decoded === null) return bytesOfBase64(text) === null ? scribe.text(text) : binary(text, scribe);
    const shown = rewriteBody(decoded, { ...place, base64: false }, scribe);
    return shown === decoded ? text : encodeBase64(shown);
  }
  scribe.vault.see(text);
  const first = text.trimStart()[0];
  const type = place.mimeType.toLowerCase();
  if (place.ownForm) return ownForm(text, first, type, scribe);
  if (place.ownPage && (first === '<' || type.includes('html'))) {
    scribe.text(text, 1);
    return scribe.vault.keeps.has('text') ? inputs(text, scribe) : scribe.name('text', text);
  }
  if (place.claims) return rewriteJson(text, scribe.json({ all: 'claim', oauth: true, talk: null }, 1));
  if (place.model) {
    const results = [...readToolResults(text), ...readHostedToolErrors(text, place.mimeType)];
    scribe.results = results.map((result) => result.text);
  }
  const root: JsonContext = place.model ? { all: null, oauth: false, talk: modelTalk } : rootOf(text);
  if (type.includes('event-stream') || isEventStream(text)) return eventStream(text, root, scribe);
  if (first === '{' || first === '[' || first === '"') return rewriteJson(text, scribe.json(root, 1));
  if (type.includes('x-www-form-urlencoded') || isForm(text)) return scribe.parameters(text, 1);
  if (type.includes('multipart/')) return multipart(text, null, scribe);
  if (place.model && !scribe.vault.keeps.has('text')) return lines(text, root, scribe);
  return first === '<' ? inputs(text, scribe) : scribe.text(text, 1);
}

function ownForm(text: string, first: string | undefined, type: string, scribe: Scribe): string {
  if (first === '{' || first === '[')
    return rewriteJson(text, scribe.json({ all: 'field', oauth: true, talk: null }, 1));
  if (type.includes('multipart/')) return multipart(text, 'field', scribe);
  return text.includes('=') ? scribe.parameters(text, 1, 'field') : scribe.name('field', text);
}

/** Bytes that are not text stay, unless a known secret stands in them. */
function binary(text: string, scribe: Scribe): string {
  const bytes = bytesOfBase64(text);
  if (bytes === null || scribe.finder === null) return text;
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return scribe.finder.split(characters).some((piece) => piece.fixed) ? '' : text;
}

/** Server-sent events (WHATWG HTML section 9.2): the data of each event is one text. */
function eventStream(text: string, root: JsonContext, scribe: Scribe): string {
  const blocks: { readonly lines: string[]; readonly prefix: string | null }[] = [];
  for (const line of text.split('\n')) {
    const prefix = line.startsWith('data: ') ? 'data: ' : line.startsWith('data:') ? 'data:' : null;
    const last = blocks[blocks.length - 1];
    const shown = prefix === null ? line : line.slice(prefix.length);
    if (last !== undefined && prefix !== null && last.prefix !== null) last.lines.push(shown);
    else blocks.push({ lines: [shown], prefix });
  }
  const payloads = blocks.flatMap((block) => (block.prefix === null ? [] : [block.lines.join('\n')]));
  const gathered = [...(root.talk?.of === 'model' ? gatherFragments(payloads) : payloads)].reverse();
  return blocks
    .map(({ lines, prefix }) => {
      if (prefix === null) return scribe.text(lines[0] ?? '', 1);
      const shown = said(gathered.pop() ?? '', root, scribe);
      return shown
        .split('\n')
        .map((line) => prefix + line)
        .join('\n');
    })
    .join('\n');
}

/** Newline-separated messages, as some model APIs stream them. */
function lines(text: string, root: JsonContext, scribe: Scribe): string {
  return text
    .split('\n')
    .map((line) => said(line, root, scribe))
    .join('\n');
}

function said(text: string, root: JsonContext, scribe: Scribe): string {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '[DONE]') return text;
  const isJson = trimmed.startsWith('{') || trimmed.startsWith('[') || /^[0-9a-z]{1,2}:["{[]/.test(trimmed);
  if (isJson) return rewriteJson(text, scribe.json(root, 1));
  const shown = scribe.text(text, 1);
  return root.talk?.of === 'model' && !scribe.vault.keeps.has('text') ? scribe.name('text', text) : shown;
}

/** RFC 7578: each part's name says what its content is. */
function multipart(text: string, all: Kind | null, scribe: Scribe): string {
  const boundary = text.slice(0, Math.max(0, text.indexOf('\n'))).trim();
  if (!boundary.startsWith('--')) return all === null ? scribe.text(text, 1) : scribe.name(all, text);
  return text
    .split(boundary)
    .map((part) => {
      const gap = part.indexOf('\r\n\r\n') >= 0 ? '\r\n\r\n' : '\n\n';
      const start = part.indexOf(gap);
      if (start < 0) return part;
      const head = part.slice(0, start);
      const from = head.indexOf('name="');
      const name = from < 0 ? '' : head.slice(from + 6, head.indexOf('"', from + 6));
      const body = part.slice(start + gap.length);
      const end = body.trimEnd();
      return head + gap + scribe.parameter(name, end, 1, all) + body.slice(end.length);
    })
    .join(boundary);
}

/** HTML: the values of input fields whose names carry a secret, and everything that prose may hold. */
function inputs(text: string, scribe: Scribe): string {
  const out: string[] = [];
  let kept = 0;
  for (let at = text.indexOf('<input'); at >= 0; at = text.indexOf('<input', at + 6)) {
    const end = text.indexOf('>', at);
    if (end < 0) break;
    const tag = text.slice(at, end);
    const name = attribute(tag, 'name');
    const value = attribute(tag, 'value');
    if (name === null || value === null || at < kept) continue;
    const shown = scribe.parameter(name.text, value.text, 1);
    if (shown === value.text) continue;
    out.push(scribe.text(text.slice(kept, at + value.at), 1), shown);
    kept = at + value.at + value.text.length;
  }
  out.push(scribe.text(text.slice(kept), 1));
  return out.join('');
}

function attribute(tag: string, name: string): { readonly text: string; readonly at: number } | null {
  for (const quote of ['"', "'"]) {
    const start = tag.indexOf(` ${name}=${quote}`);
    if (start < 0) continue;
    const from = start + name.length + 3;
    const end = tag.indexOf(quote, from);
    if (end > from) return { text: tag.slice(from, end), at: from };
  }
  return null;
}

function isEventStream(text: string): boolean {
  return text.startsWith('data:') || text.startsWith('event:');
}

/** A form without a media type: pairs, no white space. */
function isForm(text: string): boolean {
  return text.length < 1_000_000 && /^[A-Za-z0-9_.[\]%-]{1,60}=[^\s<>{}"]*$/.test(text);
}
