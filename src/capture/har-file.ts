/** A HAR file chosen or dropped by the user, as far as it could be read. */
export type HarFile =
  | { readonly ok: true; readonly name: string; readonly log: unknown }
  | { readonly ok: false; readonly name: string; readonly message: string };

/** What of `File` is needed, so that any Blob with a name will do. */
export interface NamedBlob {
  readonly name: string;
  readonly size: number;
  text(): Promise<string>;
}

/** Largest file that is read, in bytes: a string can hold about 512 MB, and its objects several times that. */
export const largestFile = 400_000_000;

/**
 * Reads one HAR file. Never throws: what is wrong is said in `message`, which
 * names the file and, for bad JSON, the line and column where reading ended.
 */
export async function readHarFile(file: NamedBlob, limit = largestFile): Promise<HarFile> {
  const { name } = file;
  const failed = (message: string): HarFile => ({ ok: false, name, message: `${name}: ${message}` });
  if (file.size > limit) {
    return failed(`${megabytes(file.size)} is more than the ${megabytes(limit)} that fit here; use the command line`);
  }
  if (file.size === 0) return failed('the file is empty');
  let text: string;
  try {
    text = await file.text();
  } catch {
    return failed('the file could not be read');
  }
  return parseHar(text, name);
}

/** Parses HAR text (with or without byte order mark); the same words for errors as `readHarFile`. */
export function parseHar(text: string, name: string): HarFile {
  const failed = (message: string): HarFile => ({ ok: false, name, message: `${name}: ${message}` });
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let log: unknown;
  try {
    log = JSON.parse(json);
  } catch (error) {
    return failed(`not JSON${place(json, error)}; is it a HAR file, saved whole?`);
  }
  if (!isObject(log)) return failed('the JSON is not an object; a HAR file is an object with "log"');
  const inner = Object.hasOwn(log, 'log') ? log.log : log;
  if (!isObject(inner)) return failed('"log" is not an object');
  if (!Array.isArray(inner.entries)) return failed('"log.entries" is not an array; this is not a HAR file');
  return { ok: true, name, log };
}

/** Where JSON.parse gave up, in words, from the position that Chromium's message names or the line that Firefox's does. */
function place(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const position = numberAfter(message, 'position ');
  if (position !== null) {
    const before = text.slice(0, position);
    const line = before.split('\n').length;
    return ` at line ${line}, column ${position - before.lastIndexOf('\n')}`;
  }
  const line = numberAfter(message, 'line ');
  const column = numberAfter(message, 'column ');
  if (line !== null && column !== null) return ` at line ${line}, column ${column}`;
  return '';
}

function numberAfter(message: string, word: string): number | null {
  const at = message.indexOf(word);
  const number = at < 0 ? Number.NaN : Number.parseInt(message.slice(at + word.length), 10);
  return Number.isNaN(number) ? null : number;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
