import { basename } from 'node:path';
import { shorten, visibleLine } from '../report/text.ts';
import { duration } from '../report/words.ts';
import type { Io } from './io.ts';

/** Milliseconds between two lines of progress. */
const pause = 100;

/** Tells on standard error how far the inputs are read, how fast, and how long it will take. */
export class Progress {
  readonly #io: Io;
  readonly #shown: boolean;
  readonly #files: number;
  readonly #total: number;
  readonly #began: number;
  #read = 0;
  #file = '';
  #number = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** `total`: bytes of all inputs together; 0 where they are not known. */
  constructor(io: Io, when: 'auto' | 'always' | 'never', files: number, total: number) {
    this.#io = io;
    this.#shown = when === 'always' || (when === 'auto' && io.isErrorTerminal && (files > 1 || total > 20e6));
    this.#files = files;
    this.#total = total;
    this.#began = io.clock();
  }

  /** The next input is being read. */
  start(file: string): void {
    this.#file = file;
    this.#number++;
    this.#show(true);
  }

  /** So many bytes more have been read. */
  add(bytes: number): void {
    this.#read += bytes;
    this.#show(false);
  }

  /** Takes the line away, so that others can be written. */
  clear(): void {
    if (this.#shown && this.#io.isErrorTerminal) this.#io.status('');
  }

  #show(isNew: boolean): void {
    if (!this.#shown) return;
    const now = this.#io.clock();
    if (!this.#io.isErrorTerminal) {
      if (isNew) this.#io.error(this.#line(now));
      return;
    }
    if (!isNew && now - this.#last < pause) return;
    this.#last = now;
    this.#io.status(this.#line(now).slice(0, Math.max(20, this.#io.width - 1)));
  }

  #line(now: number): string {
    const place = this.#files > 1 ? `${this.#number}/${this.#files} ` : '';
    const passed = (now - this.#began) / 1000;
    const parts = [`${place}${shorten(visibleLine(basename(this.#file)), 32)}`];
    if (this.#read > 0 && passed > 0) {
      const rate = this.#read / passed;
      parts.push(`${megabytes(this.#read)}${this.#total > 0 ? ` of ${megabytes(this.#total)}` : ''}`);
      parts.push(`${megabytes(rate)}/s`);
      if (this.#total > this.#read) parts.push(`${duration(((this.#total - this.#read) / rate) * 1000)} left`);
    } else if (this.#total > 0) {
      parts.push(megabytes(this.#total));
    }
    return parts.join(', ');
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
