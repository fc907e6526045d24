import { annotatedHar } from '../../src/report/har.ts';
import { redact } from '../../src/report/redaction/redact.ts';
import { Draft, type Entry, header } from './edit.ts';
import { numbers, session } from './sources.ts';

/** A change that alters nothing of what happened: the verdicts must stay. */
export interface Harmless {
  readonly kind: string;
  /** Something was cut away: what was decided may be undecided now. */
  readonly cuts: boolean;
  /** Time goes on behind the log's end: what was undecided for want of it may be decided. */
  readonly extends?: true;
  /** The changed log, and where each entry of it came from (null: not from the log). */
  apply(draft: Draft, seed: number): { readonly document: unknown; readonly origins: readonly (number | null)[] };
}

const whole = (draft: Draft): readonly number[] => draft.entries.map((_, index) => index);

/** Keeps the entries in an order, or some of them only. */
function picked(draft: Draft, order: readonly number[]): ReturnType<Harmless['apply']> {
  const entries = order.map((index) => draft.entry(index));
  draft.entries.splice(0, draft.entries.length, ...entries);
  return { document: draft.document(), origins: order };
}

function isCall(body: { readonly text: string } | undefined): boolean {
  return body?.text.includes('"jsonrpc"') === true;
}

function shifted(entry: Entry, milliseconds: number): void {
  entry.startedDateTime = new Date(Date.parse(entry.startedDateTime) + milliseconds).toISOString();
}

/** The entries of another session. */
function other(seed: number): Entry[] {
  const { document, analysis } = session(seed);
  return new Draft(document, analysis).entries;
}

export const harmless: readonly Harmless[] = [
  {
    kind: 'entries delivered in the order in which they ended',
    cuts: false,
    apply: (draft) => {
      const ended = (index: number): number => Date.parse(draft.entry(index).startedDateTime) + draft.entry(index).time;
      return picked(
        draft,
        whole(draft).toSorted((one, other) => ended(one) - ended(other)),
      );
    },
  },
  {
    kind: 'entries delivered in any order',
    cuts: false,
    apply: (draft, seed) => {
      const random = numbers(seed);
      // Of those that began in the same millisecond, nothing but their order tells which came first.
      const keys = new Map(draft.entries.map(({ startedDateTime }) => [startedDateTime, random(1e6)]));
      const key = (index: number): number => keys.get(draft.entry(index).startedDateTime) ?? 0;
      return picked(
        draft,
        whole(draft).toSorted((one, other) => key(one) - key(other) || one - other),
      );
    },
  },
  {
    kind: 'no preflights',
    cuts: true,
    apply: (draft) =>
      picked(
        draft,
        whole(draft).filter((index) => draft.entry(index).request.method !== 'OPTIONS'),
      ),
  },
  {
    kind: 'the beginning cut away',
    cuts: true,
    apply: (draft, seed) => picked(draft, whole(draft).slice(1 + numbers(seed)(Math.max(1, draft.entries.length - 2)))),
  },
  {
    kind: 'the end cut away',
    cuts: true,
    apply: (draft, seed) => {
      // Which revision holds is told by the first answer: without it a rule is judged by another (guard G22).
      const told = draft.entries.findIndex(
        ({ request, response }) => response.status === 200 && isCall(request.postData),
      );
      const least = told + 1;
      const kept = least + numbers(seed)(Math.max(1, draft.entries.length - least));
      return picked(draft, whole(draft).slice(0, kept));
    },
  },
  {
    kind: 'another session with another server in the same log',
    cuts: false,
    extends: true,
    apply: (draft, seed) => {
      const others = other(10_000 + seed);
      const [mine, theirs] = [draft.entries[0], others[0]];
      const shift = Date.parse(mine?.startedDateTime ?? '') - Date.parse(theirs?.startedDateTime ?? '') + 7;
      for (const entry of others) shifted(entry, shift);
      const all = [
        ...draft.entries.map((entry, index) => ({ entry, origin: index as number | null })),
        ...others.map((entry) => ({ entry, origin: null })),
      ].sort((one, another) => Date.parse(one.entry.startedDateTime) - Date.parse(another.entry.startedDateTime));
      draft.entries.splice(0, draft.entries.length, ...all.map(({ entry }) => entry));
      return { document: draft.document(), origins: all.map(({ origin }) => origin) };
    },
  },
  {
    kind: 'the same in another tab',
    cuts: false,
    extends: true,
    apply: (draft, seed) => {
      const others = other(20_000 + seed);
      const [mine, theirs] = [draft.entries[0], others[0]];
      const shift = Date.parse(mine?.startedDateTime ?? '') - Date.parse(theirs?.startedDateTime ?? '') + 13;
      for (const entry of draft.entries) entry.pageref ??= 'page_1';
      for (const entry of others) {
        shifted(entry, shift);
        entry.pageref = 'page_2';
      }
      const origins = [...whole(draft), ...others.map(() => null)];
      draft.entries.push(...others);
      return { document: draft.document(), origins };
    },
  },
  {
    kind: 'calls that overlap',
    cuts: false,
    apply: (draft) => {
      for (const [entry, role] of draft.clean.story.roles) {
        const found = draft.entries[entry];
        const next = draft.entries[entry + 1];
        if (role.kind !== 'mcp' || !found || !next || draft.clean.story.roles.get(entry + 1)?.kind !== 'mcp') continue;
        if (found.response.status !== 200 || next.response.status !== 200) continue;
        // A session is begun before its first call: only the answer tells its revision.
        if (found.request.postData?.text.includes('"initialize"')) continue;
        const between = Date.parse(next.startedDateTime) - Date.parse(found.startedDateTime);
        if (between > 0 && between < 1000) found.time = Math.max(found.time, between + 5);
      }
      return { document: draft.document(), origins: whole(draft) };
    },
  },
  {
    kind: 'a clock that is 30 s fast',
    cuts: false,
    apply: (draft) => {
      for (const entry of draft.entries) shifted(entry, 30_000);
      return { document: draft.document(), origins: whole(draft) };
    },
  },
  {
    kind: 'redacted',
    cuts: false,
    apply: (draft) => ({ document: { log: redact(draft.clean).log }, origins: whole(draft) }),
  },
  {
    kind: 'annotated and read again',
    cuts: false,
    apply: (draft) => ({ document: JSON.parse(annotatedHar(draft.clean)), origins: whole(draft) }),
  },
  {
    kind: 'other traffic of the page between',
    cuts: false,
    apply: (draft, seed) => {
      const random = numbers(seed);
      const origins: (number | null)[] = [];
      const entries: Entry[] = [];
      for (const [index, entry] of draft.entries.entries()) {
        entries.push(entry);
        origins.push(index);
        if (random(3) > 0) continue;
        entries.push(ordinary(entry, random(1e6)));
        origins.push(null);
      }
      draft.entries.splice(0, draft.entries.length, ...entries);
      return { document: draft.document(), origins };
    },
  },
  {
    kind: 'header names in lower case, fields in another order',
    cuts: false,
    apply: (draft) => {
      for (const { request, response } of draft.entries)
        for (const message of [request, response])
          message.headers = message.headers.map(({ name, value }) => ({ name: name.toLowerCase(), value })).reverse();
      return { document: draft.document(), origins: whole(draft) };
    },
  },
];

/** An asset or a call of the page's own back end, right after an entry. */
function ordinary(after: Entry, number: number): Entry {
  const sent = Date.parse(after.startedDateTime) + 1;
  const isAsset = number % 2 === 0;
  const origin = header(after.request, 'origin') ?? 'https://app.example.org';
  return {
    startedDateTime: new Date(sent).toISOString(),
    time: 3,
    request: {
      method: 'GET',
      url: isAsset ? `https://cdn.example.net/chunk-${number}.js` : `${origin}/api/items?page=${number % 9}`,
      headers: [{ name: 'accept', value: '*/*' }],
    },
    response: {
      status: 200,
      statusText: '',
      headers: [],
      redirectURL: '',
      content: isAsset
        ? { size: 9, mimeType: 'application/javascript', text: 'let a = 1' }
        : { size: 12, mimeType: 'application/json', text: '{"items":[]}' },
    },
  };
}
