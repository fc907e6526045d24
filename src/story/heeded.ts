import type { Exchange } from '../exchange/exchange.ts';

/** A script acts on a response's headers before the recorder has counted its end, milliseconds. */
export const HEADER_LEAD = 50;

/**
 * The earliest that a client can have acted on an answer, milliseconds since the epoch: on its headers, and never before
 * it had asked. What was sent before was in flight, and is no evidence of how the client takes the answer (guard G9).
 */
export function heededFrom({ sent, answered }: Exchange): number {
  return Math.max(sent, answered - HEADER_LEAD);
}

/** Whether a client can have acted on an answer by a time. */
export function isHeeded(exchange: Exchange, at: number): boolean {
  return heededFrom(exchange) <= at;
}

/** From when on a client has an answer beyond doubt: what it sends then, it sends knowing it. */
export function surelyHeededFrom({ answered }: Exchange): number {
  return answered + HEADER_LEAD;
}
