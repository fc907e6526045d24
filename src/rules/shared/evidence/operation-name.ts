import type { Call } from '../../../story/model.ts';

/** What a call does, in a sentence: `tools/call search`, `tools/list`, `GET`. */
export function operationName({ tool, requests, exchange }: Call): string {
  const method = requests[0]?.method ?? exchange.method;
  return tool ? `${method} ${shortened(tool.name)}` : shortened(method);
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
