/** Expanded data may be this many times as large as what it was made from. */
const MOST_TIMES = 200;
/** Expanded data may be this large, bytes. */
const MOST_BYTES = 4 * 2 ** 30;
/** Below this size no ratio is asked for, bytes. */
const SMALL = 1 << 20;

/** Tests bring smaller limits. */
export interface UnpackLimits {
  readonly times: number;
  readonly bytes: number;
}

/**
 * The UTF-8 text inside a file's bytes, whatever it is wrapped in: gzip (RFC 1952), a zip archive (its first
 * `.har` or `.json` file, else its first file), UTF-16 in either order, a byte order mark. Rejects with an
 * Error in plain words when the wrapping is damaged or expands beyond measure.
 */
export async function* unpack(
  source: AsyncIterable<Uint8Array>,
  limits: UnpackLimits = { times: MOST_TIMES, bytes: MOST_BYTES },
): AsyncGenerator<Uint8Array> {
  const stream = new Peeked(source);
  const head = await stream.peek(4);
  if (head[0] === 0x1f && head[1] === 0x8b)
    yield* plainText(new Peeked(expanded(stream.chunks(), 'gzip', limits, 'the gzip data')));
  else if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04)
    yield* plainText(new Peeked(zipped(stream, limits)));
  else yield* plainText(stream);
}

/** A stream whose beginning can be looked at. */
class Peeked {
  readonly #source: AsyncIterator<Uint8Array>;
  #held = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next bytes, at least as many as asked for where the stream has them. */
  async peek(length: number): Promise<Uint8Array> {
    while (this.#held.length < length) {
      const next = await this.#source.next();
      if (next.done === true) break;
      const joined = new Uint8Array(this.#held.length + next.value.length);
      joined.set(this.#held);
      joined.set(next.value, this.#held.length);
      this.#held = joined;
    }
    return this.#held;
  }

  /** Passes over bytes that were peeked at. */
  skip(length: number): void {
    this.#held = this.#held.subarray(length);
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      if (this.#held.length > 0) {
        const held = this.#held;
        this.#held = new Uint8Array(0);
        yield held;
      }
      for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) yield next.value;
    } finally {
      await this.#source.return?.();
    }
  }

  /** The next bytes of that many, in chunks; fewer where the stream ends. */
  async *take(length: number): AsyncGenerator<Uint8Array> {
    let left = length;
    while (left > 0) {
      const held = await this.peek(1);
      if (held.length === 0) return;
      const part = held.subarray(0, Math.min(left, held.length));
      this.skip(part.length);
      left -= part.length;
      yield part;
    }
  }
}

async function* plainText(stream: Peeked): AsyncGenerator<Uint8Array> {
  const [first, second, third] = await stream.peek(3);
  if (first === 0xef && second === 0xbb && third === 0xbf) stream.skip(3);
  const utf16 =
    (first === 0xff && second === 0xfe) || (first === 0x7b && second === 0)
      ? 'utf-16le'
      : (first === 0xfe && second === 0xff) || (first === 0 && second === 0x7b)
        ? 'utf-16be'
        : null;
  if (utf16 === null) {
    yield* stream.chunks();
    return;
  }
  const decoder = new TextDecoder(utf16);
  const encoder = new TextEncoder();
  for await (const chunk of stream.chunks()) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}

/** Chunks no larger than this are given to the expander, so that a bomb is noticed early, bytes. */
const FED = 1 << 16;

async function* expanded(
  packed: AsyncIterable<Uint8Array>,
  format: 'gzip' | 'deflate-raw',
  limits: UnpackLimits,
  what: string,
): AsyncGenerator<Uint8Array> {
  const expander = new DecompressionStream(format);
  const writer = expander.writable.getWriter();
  const reader = expander.readable.getReader();
  let fed = 0;
  let isStopped = false;
  const feeding = (async (): Promise<void> => {
    for await (const chunk of packed) {
      for (let at = 0; at < chunk.length && !isStopped; at += FED) {
        const part = chunk.slice(at, at + FED);
        fed += part.length;
        await writer.write(part);
      }
      if (isStopped) return;
    }
    await writer.close();
  })();
  // What goes wrong while feeding shows where the expanded data is read.
  feeding.catch(() => {});
  let size = 0;
  try {
    for (;;) {
      const next = await reader.read().catch(() => {
        throw new Error(`${what} is damaged or cut off`);
      });
      if (next.done) return;
      size += next.value.length;
      if (size > limits.bytes) throw new Error(`${what} expands to more than ${amount(limits.bytes)}: not read on`);
      if (size > SMALL && size > fed * limits.times)
        throw new Error(`${what} expands to more than ${limits.times} times its size: not read on`);
      yield next.value;
    }
  } finally {
    isStopped = true;
    reader.cancel().catch(() => {});
    writer.abort().catch(() => {});
  }
}

function amount(bytes: number): string {
  return bytes >= 2 ** 30 ? `${Math.round(bytes / 2 ** 30)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** Length of a local file header without name and extra field (APPNOTE 4.3.7). */
const LOCAL_HEADER = 30;

interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Null where it is only said behind the data. */
  readonly packedSize: number | null;
}

/** The text file of a zip archive, found by its local headers in one pass. */
async function* zipped(stream: Peeked, limits: UnpackLimits): AsyncGenerator<Uint8Array> {
  for (;;) {
    const member = await readMember(stream);
    if (member === null) throw new Error('the zip archive has no file that ends in .har or .json');
    const isWanted = /\.(?:har|json)$/i.test(member.name);
    if (!isWanted && member.packedSize !== null) {
      for await (const part of stream.take(member.packedSize)) void part;
      continue;
    }
    if (!isWanted)
      throw new Error(
        `the zip archive begins with ${JSON.stringify(member.name)}, whose size is not said: take the .har out of it`,
      );
    if (member.isEncrypted) throw new Error('the zip archive is encrypted');
    const packed = member.packedSize === null ? stream.chunks() : stream.take(member.packedSize);
    if (member.method === 8) yield* expanded(packed, 'deflate-raw', limits, 'the zip archive');
    else if (member.method === 0 && member.packedSize !== null) yield* packed;
    else throw new Error(`the zip archive is compressed in a way that is not supported (method ${member.method})`);
    return;
  }
}

async function readMember(stream: Peeked): Promise<ZipMember | null> {
  const head = await stream.peek(LOCAL_HEADER);
  if (head.length < LOCAL_HEADER || head[0] !== 0x50 || head[1] !== 0x4b || head[2] !== 3 || head[3] !== 4) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const flags = view.getUint16(6, true);
  const method = view.getUint16(8, true);
  const packed = view.getUint32(18, true);
  const nameLength = view.getUint16(26, true);
  const headerLength = LOCAL_HEADER + nameLength + view.getUint16(28, true);
  const whole = await stream.peek(headerLength);
  const name = new TextDecoder().decode(whole.subarray(LOCAL_HEADER, LOCAL_HEADER + nameLength));
  const packedSize =
    (flags & DESCRIPTOR) !== 0 ? null : packed === ZIP64 ? zip64Size(whole, headerLength, nameLength) : packed;
  stream.skip(headerLength);
  return { name, method, isEncrypted: (flags & ENCRYPTED) !== 0, packedSize };
}

const ENCRYPTED = 1;
/** Sizes stand behind the data. */
const DESCRIPTOR = 8;
const ZIP64 = 0xffffffff;

/** The packed size from the Zip64 extra field (APPNOTE 4.5.3); null when there is none. */
function zip64Size(header: Uint8Array, headerLength: number, nameLength: number): number | null {
  const view = new DataView(header.buffer, header.byteOffset, Math.min(header.byteLength, headerLength));
  let at = LOCAL_HEADER + nameLength;
  while (at + 4 <= view.byteLength) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1 && size >= 16 && at + 20 <= view.byteLength)
      return Number(view.getBigUint64(at + 12, true));
    at += 4 + size;
  }
  return null;
}
