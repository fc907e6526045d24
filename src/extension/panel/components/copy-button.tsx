import { useEffect, useState } from 'preact/hooks';
import { copyText } from '../host/clipboard.ts';
import { strings } from '../strings.ts';

/** Copies a text on click and says so for a moment. */
export function CopyButton({ text, label }: { text: () => string; label?: string }) {
  const [said, say] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => say(null), 1_500);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => say((await copyText(text())) ? strings.copy.done : strings.copy.failed);
  return (
    <button type="button" class="copy" onClick={copy}>
      <span aria-live="polite">{said ?? label ?? strings.copy.do}</span>
    </button>
  );
}
