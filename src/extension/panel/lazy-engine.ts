import type { Analysis } from '../../report/analysis.ts';
import type { Engine, LiveAnalysis } from './engine.ts';

/** The engine as long as it need not be there: the rules are most of what the panel has to load. */
export interface LazyEngine {
  /** The engine, loaded by the first who asks. */
  load(): Promise<Engine>;
  /** Analyses a parsed HAR document. */
  analyze(log: unknown, name: string): Promise<Analysis>;
  /** Live traffic, kept until the engine is there to analyse it; `loaded` is called whenever more of it can be. */
  live(name: string, loaded: () => void): LazyLiveAnalysis;
  /** As the engine has it; null as long as it is not loaded. */
  rule(id: string): ReturnType<Engine['rule']>;
  rulePage(id: string): Promise<string | null>;
}

export interface LazyLiveAnalysis extends Omit<LiveAnalysis, 'analysis'> {
  /** null as long as there is nothing to analyse, or nobody to do it. */
  analysis(): Analysis | null;
}

/** Loads the engine when there is something to analyse, and no sooner. */
export function lazyEngine(source: () => Promise<Engine>): LazyEngine {
  let engine: Engine | null = null;
  let loading: Promise<Engine> | null = null;
  const load = (): Promise<Engine> => {
    loading ??= source().then((loaded) => {
      engine = loaded;
      return loaded;
    });
    return loading;
  };
  return {
    load,
    analyze: async (log, name) => (await load()).analyze(log, name),
    live: (name, loaded) => new Waiting(load, name, loaded),
    rule: (id) => engine?.rule(id) ?? null,
    rulePage: async (id) => (await load()).rulePage(id),
  };
}

/** So many entries are taken in before the page may draw again. */
const batch = 250;

/** So many are taken in before they are judged and shown: a long log is judged in parts, each a short task. */
const portion = 2_000;

class Waiting implements LazyLiveAnalysis {
  readonly #load: () => Promise<Engine>;
  readonly #name: string;
  readonly #loaded: () => void;
  #waiting: ((session: LiveAnalysis) => void)[] = [];
  #isAsked = false;
  #session: LiveAnalysis | null = null;
  /** The session while it takes in what waited. */
  #filling: LiveAnalysis | null = null;

  constructor(load: () => Promise<Engine>, name: string, loaded: () => void) {
    this.#load = load;
    this.#name = name;
    this.#loaded = loaded;
  }

  add(entry: unknown): void {
    this.#do((session) => session.add(entry));
  }

  replace(index: number, entry: unknown): void {
    this.#do((session) => session.replace(index, entry));
  }

  #do(deed: (session: LiveAnalysis) => void): void {
    if (this.#session !== null) {
      deed(this.#session);
      return;
    }
    this.#waiting.push(deed);
    if (this.#isAsked) return;
    this.#isAsked = true;
    void this.#begin();
  }

  analysis(): Analysis | null {
    return (this.#session ?? this.#filling)?.analysis() ?? null;
  }

  clear(): void {
    this.#waiting = [];
    (this.#session ?? this.#filling)?.clear();
  }

  async #begin(): Promise<void> {
    const engine = await this.#load();
    const session = engine.live(this.#name);
    this.#filling = session;
    for (let taken = batch; this.#waiting.length > 0; taken += batch) {
      for (const deed of this.#waiting.splice(0, batch)) deed(session);
      if (taken % portion === 0) this.#loaded();
      await new Promise((over) => setTimeout(over));
    }
    this.#session = session;
    this.#loaded();
  }
}
