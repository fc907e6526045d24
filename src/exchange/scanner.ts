import { skipString, skipValue } from './json-bytes.ts';
import { isMarkedBody } from './markers.ts';

/** The searches on which reading spends most of its time; a program may bring quicker ones with the same outcomes. */
export interface Scanner {
  skipString(bytes: Uint8Array, from: number, to: number): number;
  skipValue(bytes: Uint8Array, from: number, to: number): number;
  isMarkedBody(bytes: Uint8Array, from: number, to: number): boolean;
}

/** Byte by byte, in any memory. */
export const plainScanner: Scanner = { skipString, skipValue, isMarkedBody };
