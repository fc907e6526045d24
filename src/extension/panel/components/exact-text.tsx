import { useEffect, useRef, useState } from 'preact/hooks';
import { visible } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { type Range, secretRanges, segments, shortened } from '../view/secrets.ts';
import { useStore } from './context.ts';
import { paneOf, scrollWithin } from './scroll.ts';

interface Props {
  readonly text: string;
  /** Evidence name of where the text stands: some parts are secret as a whole. */
  readonly part: string;
  readonly mark?: Range | null;
  /** Bring the marked characters into view. */
  readonly focus?: boolean;
}

/** Characters shown before the user asks for all. */
const longest = 20_000;

/** Text of strangers, exactly: secrets shortened, control characters as escapes, evidence marked. */
export function ExactText({ text, part, mark = null, focus = false }: Props) {
  const { secrets, revealed, toggleSecret } = useStore();
  const [whole, showWhole] = useState(false);
  const marked = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focus && !yields(marked.current)) scrollWithin(marked.current, 'center');
  }, [focus, text, mark?.[0]]);
  const limit = whole ? text.length : Math.max(longest, (mark?.[1] ?? 0) + 200);
  const shown = text.length > limit ? text.slice(0, limit) : text;
  let firstMark = true;
  const pieces = segments(shown, secretRanges(shown, part, secrets.value), mark).map((segment) => {
    const known = revealed.value.has(segment.text);
    const words = visible(segment.secret && !known ? shortened(segment.text) : segment.text);
    const inner = segment.secret ? (
      <button
        type="button"
        class={known ? 'secret shown' : 'secret'}
        title={known ? strings.secret.hide : strings.secret.reveal}
        onClick={() => toggleSecret(segment.text)}
      >
        {words}
      </button>
    ) : (
      words
    );
    if (!segment.marked) return inner;
    const first = firstMark;
    firstMark = false;
    return <mark ref={first ? marked : null}>{inner}</mark>;
  });
  return (
    <span class="exact">
      {pieces}
      {shown.length < text.length && (
        <button type="button" class="more" onClick={() => showWhole(true)}>
          {strings.exchange.showAll(text.length)}
        </button>
      )}
    </span>
  );
}

/** The raw view gives way to the parsed one when a narrow panel stacks them in one pane. */
function yields(marked: Element | null): boolean {
  const raw = marked?.closest('.raw.yields') ?? null;
  return raw !== null && paneOf(raw)?.classList.contains('body') === true;
}
