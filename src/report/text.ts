/**
 * Text of strangers, made visible: control and bidirectional characters are
 * shown as escapes, so that no server can forge a line of a report, move a
 * terminal's cursor or turn words around.
 */

/** C0 but newline and tab, DEL, C1, zero-width and bidirectional marks, line and paragraph separators, BOM. */
function isInvisible(code: number): boolean {
  return (
    (code < 0x20 && code !== 0x09 && code !== 0x0a) ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0x61c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    code === 0xfeff
  );
}

/** Replaces each invisible or ill-formed UTF-16 code unit by `\u{hex}`; newline and tab stay. */
export function visible(text: string): string {
  let shown = '';
  let kept = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isInvisible(code) && !isLoneSurrogate(text, at)) continue;
    shown += `${text.slice(kept, at)}\\u{${code.toString(16)}}`;
    kept = at + 1;
  }
  return kept === 0 ? text : shown + text.slice(kept);
}

/** Like `visible`, on one line: newline and tab become `\n` and `\t`. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

function isLoneSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 0xd800 && code <= 0xdbff) {
    const next = text.charCodeAt(at + 1);
    return !(next >= 0xdc00 && next <= 0xdfff);
  }
  if (code >= 0xdc00 && code <= 0xdfff) {
    const before = text.charCodeAt(at - 1);
    return !(before >= 0xd800 && before <= 0xdbff);
  }
  return false;
}

/** At most `length` UTF-16 code units; a cut is marked by an ellipsis and never splits a surrogate pair. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = Math.max(0, length - 1);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return `${text.slice(0, end)}…`;
}
