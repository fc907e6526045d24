import { computed, effect, signal } from '@preact/signals';
import { type NamedBlob, readHarFile } from '../../capture/har-file.ts';
import type { Analysis } from '../../report/analysis.ts';
import { verdicts } from '../../report/verdicts.ts';
import type { Evidence, Outcome } from '../../rules/outcome.ts';
import type { Engine } from './engine.ts';
import type { Host, Theme } from './host/host.ts';
import { strings } from './strings.ts';
import { listFindings } from './view/findings.ts';
import { layOutFlow } from './view/flow.ts';
import { flowLines } from './view/lines.ts';
import { outcomeMatches, parseSearch } from './view/search.ts';
import { gatherSecrets } from './view/secrets.ts';
import { indexStory } from './view/story-index.ts';

export type Tab = 'finding' | 'exchange' | 'token' | 'scopes' | 'raw';
export const tabs: readonly Tab[] = ['finding', 'exchange', 'token', 'scopes', 'raw'];

/** A recording opened from a file; never mixed with live traffic. */
export interface OpenFile {
  readonly name: string;
  readonly analysis: Analysis;
}

/** Something the user must be told before going on. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

/** How long new traffic waits for its verdict, in milliseconds; longer where analysing takes long. */
const settle = 80;

export type Store = ReturnType<typeof createStore>;

/**
 * The panel's one state. What is shown is derived from an Analysis; the rest
 * is what the user chose: which session, which row, which words.
 */
export function createStore(host: Host, engine: Engine) {
  const live = signal<Analysis | null>(null);
  const recording = signal(host.live !== null);
  const since = signal<number | null>(null);
  const bodiless = signal(0);
  const files = signal<readonly OpenFile[]>([]);
  /** Index in `files`; null is live traffic. */
  const shownFile = signal<number | null>(null);
  const theme = signal<Theme | null>(host.theme?.current ?? null);
  const search = signal('');
  const all = signal(false);
  const folded = signal<ReadonlySet<string>>(new Set());
  const tab = signal<Tab>('finding');
  const selectedLine = signal<string | null>(null);
  const selectedEntry = signal<number | null>(null);
  const chosenOutcome = signal<string | null>(null);
  const chosenToken = signal<string | null>(null);
  const mark = signal<Evidence | null>(null);
  const revealed = signal<ReadonlySet<string>>(new Set());
  const listOpen = signal<ReadonlySet<string>>(new Set(['open', 'informational']));
  const busy = signal<string | null>(null);
  const notice = signal<Notice | null>(null);
  const help = signal(false);

  const analysis = computed(() =>
    shownFile.value === null ? live.value : (files.value[shownFile.value]?.analysis ?? null),
  );
  const index = computed(() => (analysis.value === null ? null : indexStory(analysis.value)));
  const secrets = computed(() => (index.value === null ? { values: new Set<string>() } : gatherSecrets(index.value)));
  const strip = computed(() => (analysis.value === null ? [] : verdicts(analysis.value.result)));
  const terms = computed(() => parseSearch(search.value));
  const flow = computed(() => (index.value === null ? null : layOutFlow(index.value, all.value)));
  const lines = computed(() =>
    flow.value === null || index.value === null ? [] : flowLines(flow.value, index.value, terms.value, folded.value),
  );
  const findings = computed(() =>
    analysis.value === null
      ? null
      : listFindings(analysis.value.result, (outcome) => outcomeMatches(outcome, terms.value)),
  );
  /** Key of the finding that is unfolded: the chosen one, else the gravest. */
  const openOutcome = computed(() => {
    if (chosenOutcome.value !== null) return chosenOutcome.value;
    const first = findings.value?.faults[0];
    return first === undefined ? null : outcomeKey(first.outcome);
  });
  const exchange = computed(() =>
    selectedEntry.value === null ? null : (analysis.value?.exchanges[selectedEntry.value] ?? null),
  );

  const session = engine.live('live');
  let currentSession: string | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let cost = 0;
  const refresh = (): void => {
    timer = null;
    const began = performance.now();
    live.value = session.analysis();
    cost = performance.now() - began;
  };
  host.live?.listen({
    begin(id, on, from, without) {
      if (id !== currentSession) {
        currentSession = id;
        session.clear();
        if (shownFile.peek() === null) deselect();
        refresh();
      }
      recording.value = on;
      since.value = from;
      bodiless.value = without;
    },
    entries(entries) {
      for (const entry of entries) session.add(entry);
      if (timer === null) timer = setTimeout(refresh, Math.max(settle, 4 * cost));
    },
  });
  host.theme?.onChange((next) => {
    theme.value = next;
  });

  function deselect(): void {
    selectedLine.value = null;
    selectedEntry.value = null;
    chosenOutcome.value = null;
    chosenToken.value = null;
    mark.value = null;
  }

  function show(file: number | null): void {
    if (file === shownFile.value) return;
    shownFile.value = file;
    folded.value = new Set();
    revealed.value = new Set();
    search.value = '';
    tab.value = 'finding';
    deselect();
  }

  function add(log: unknown, name: string): void {
    files.value = [...files.value, { name, analysis: engine.analyze(log, name) }];
    show(files.value.length - 1);
  }

  /** Opens HAR files; what cannot be opened is told, the rest is opened all the same. */
  async function open(chosen: readonly NamedBlob[], failure: string): Promise<void> {
    const messages: string[] = [];
    for (const file of chosen) {
      busy.value = file.name;
      const read = await readHarFile(file);
      if (!read.ok) {
        messages.push(read.message);
        continue;
      }
      try {
        add(read.log, read.name);
      } catch (error) {
        // A fault of ours: the session that is open must not go down with it.
        messages.push(`${read.name}: ${strings.failed.analysis} (${error instanceof Error ? error.message : error})`);
      }
    }
    busy.value = null;
    if (messages.length > 0) notice.value = { title: failure, text: messages.join('\n') };
  }

  function reveal(entry: number): void {
    selectedEntry.value = entry;
    const line = lines.value.find((candidate) => candidate.kind === 'row' && candidate.row.exchange.entry === entry);
    selectedLine.value = line?.key ?? selectedLine.value;
  }

  /** Selects a row; the detail shows its finding if it has one and findings are shown, else the exchange. */
  function selectEntry(entry: number): void {
    reveal(entry);
    mark.value = null;
    const [finding] = index.value?.findings.get(entry) ?? [];
    const outcome = finding === undefined ? undefined : index.value?.outcomes[finding];
    if (outcome !== undefined && tab.value === 'finding') chosenOutcome.value = outcomeKey(outcome);
    else if (tab.value === 'finding') tab.value = 'exchange';
  }

  function selectOutcome(outcome: Outcome): void {
    chosenOutcome.value = outcomeKey(outcome);
    tab.value = 'finding';
    const section = sectionOf(outcome);
    if (section !== null) listOpen.value = new Set([...listOpen.value, section]);
    const [first] = outcome.evidence;
    if (first !== undefined) reveal(first.entry);
  }

  function selectEvidence(evidence: Evidence): void {
    unfold(evidence.entry);
    reveal(evidence.entry);
    mark.value = evidence;
    tab.value = 'exchange';
  }

  /** Opens the group in which an entry stands, so that its row can be shown. */
  function unfold(entry: number): void {
    for (const item of flow.value?.items ?? []) {
      if (item.kind !== 'group' || !item.rows.some((row) => row.exchange.entry === entry)) continue;
      if (folded.value.has(item.id)) toggleFold(item.id);
    }
    const pages = lines.value.find(
      (line) => line.kind === 'pages' && !line.open && line.rows.some((row) => row.exchange.entry === entry),
    );
    if (pages !== undefined) toggleFold(pages.key);
  }

  function toggleFold(id: string): void {
    const next = new Set(folded.value);
    if (!next.delete(id)) next.add(id);
    folded.value = next;
  }

  function toggleSection(id: string): void {
    const next = new Set(listOpen.value);
    if (!next.delete(id)) next.add(id);
    listOpen.value = next;
  }

  function toggleSecret(secret: string): void {
    const next = new Set(revealed.value);
    if (!next.delete(secret)) next.add(secret);
    revealed.value = next;
  }

  function clear(): void {
    const file = shownFile.value;
    if (file === null) {
      host.live?.clear();
      deselect();
      return;
    }
    files.value = files.value.filter((_, at) => at !== file);
    show(files.value.length === 0 || host.live !== null ? null : files.value.length - 1);
  }

  return {
    host,
    engine,
    recording,
    since,
    bodiless,
    files,
    shownFile,
    theme,
    search,
    terms,
    all,
    folded,
    tab,
    selectedLine,
    selectedEntry,
    chosenOutcome,
    chosenToken,
    openOutcome,
    mark,
    revealed,
    listOpen,
    busy,
    notice,
    help,
    analysis,
    index,
    secrets,
    strip,
    flow,
    lines,
    findings,
    exchange,
    show,
    add,
    open,
    selectEntry,
    selectOutcome,
    selectEvidence,
    toggleFold,
    toggleSection,
    toggleSecret,
    clear,
    record: (on: boolean) => host.live?.record(on),
    /** Runs `watch` now and whenever the theme changes. */
    onTheme: (watch: (theme: Theme | null) => void) => effect(() => watch(theme.value)),
  };
}

/** Names an outcome across analyses: indices move as traffic comes in. */
export function outcomeKey(outcome: Outcome): string {
  return `${outcome.rule} ${outcome.subject} ${outcome.kind} ${outcome.evidence[0]?.entry ?? ''}`;
}

/** The foldable section of the list in which an outcome stands; null for faults, which are always shown. */
export function sectionOf(outcome: Outcome): string | null {
  return outcome.kind === 'fail' ? null : outcome.kind;
}
