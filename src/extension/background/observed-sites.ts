import type { Scripting } from 'webextension-polyfill';
import { observerFiles } from '../observer/files.ts';

/** What is needed of `scripting`: absent until the user grants it. */
export type ScriptingApi = Pick<
  Scripting.Static,
  'getRegisteredContentScripts' | 'registerContentScripts' | 'unregisterContentScripts'
>;

/**
 * Makes the observer's scripts run on these origins, in their top frames, and on no other; in frames of those that are
 * `framed` too. It begins with the next load of a page. An origin that the browser refuses (its permission was taken
 * back) is left out.
 */
export async function observeSites(
  scripting: ScriptingApi,
  { origins, framed }: { readonly origins: readonly string[]; readonly framed: readonly string[] },
  patternOf: (origin: string) => string,
): Promise<void> {
  const registered = await scripting.getRegisteredContentScripts({});
  const wanted = new Map(
    origins
      .flatMap((origin) => scriptsOf(origin, patternOf(origin), framed.includes(origin)))
      .map((script) => [script.id, script] as const),
  );
  const stale = registered.map(({ id }) => id).filter((id) => isOurs(id) && !wanted.has(id));
  if (stale.length > 0) await scripting.unregisterContentScripts({ ids: stale });
  const present = new Set(registered.map(({ id }) => id));
  for (const script of wanted.values()) {
    if (present.has(script.id)) continue;
    await scripting.registerContentScripts([script]).catch(() => undefined);
  }
}

const isOurs = (id: string): boolean => id.startsWith('page ') || id.startsWith('bridge ');

function scriptsOf(origin: string, pattern: string, allFrames: boolean): readonly Scripting.RegisteredContentScript[] {
  const script = (kind: string, file: string, world: Scripting.ExecutionWorld) => ({
    // Whoever changes their mind about frames gets other scripts.
    id: `${kind} ${allFrames ? 'frames ' : ''}${origin}`,
    js: [file],
    matches: [pattern],
    runAt: 'document_start' as const,
    allFrames,
    world,
  });
  return [script('bridge', observerFiles.bridge, 'ISOLATED'), script('page', observerFiles.page, 'MAIN')];
}
