/** What a language model was asked and told, as far as its traffic shows it. */
export type { ToolCall } from './model-calls.ts';
export { sameToolName } from './model-name.ts';
export { looksLikeModelTraffic, readToolResults, type ToolResult } from './model-request.ts';
export { type HostedToolError, readHostedToolErrors, readToolCalls } from './model-response.ts';
export { mentionsUnauthorized } from './model-text.ts';
