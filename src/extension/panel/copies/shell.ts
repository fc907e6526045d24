import { visible } from '../../../report/text.ts';

/**
 * One word of a POSIX shell, exactly these characters (NUL apart, which no argument can hold). Everything stands in
 * single quotes; a character that a terminal would act upon when it is pasted (Escape, Ctrl-C, carriage return) or
 * that hides what stands there is written by `printf`, so that pasting runs nothing and shows all.
 */
export function shellWord(text: string): string {
  let word = '';
  let plain = '';
  const flush = (): void => {
    if (plain !== '') word += `'${plain.replaceAll("'", "'\\''")}'`;
    plain = '';
  };
  for (const char of text) {
    if (char === '\0') continue;
    // Half a surrogate pair has no UTF-8: it becomes U+FFFD, as in every program.
    if (/^[\ud800-\udfff]$/.test(char)) plain += '\u{fffd}';
    else if (char !== '\t' && visible(char) === char) plain += char;
    else {
      flush();
      word += `"$(printf '${octal(char)}')"`;
    }
  }
  flush();
  return word === '' ? "''" : word;
}

const encoder = new TextEncoder();

function octal(char: string): string {
  return [...encoder.encode(char)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
