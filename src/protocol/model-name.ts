/** The longest name OpenAI's API takes; clients cut longer ones, often with a hash for a tail. */
const nameLimit = 64;
const separators = ['_', '-', '.', '/', ':'];

/**
 * Whether a tool's name as the model knows it stands for a tool of an MCP server. Hosts put the server's
 * name before it (`mcp__srv__`, `srv__`, `srv_`, `srv-`, `srv.`) or behind it (`_mcp_srv`), replace
 * characters that model APIs refuse, and cut what is longer than 64 characters.
 */
export function sameToolName(modelName: string, mcpName: string): boolean {
  if (modelName === '' || mcpName === '') return false;
  if (modelName === mcpName) return true;
  if (modelName.length > 512 || mcpName.length > 512) return false;
  const model = sanitize(modelName);
  const tool = sanitize(mcpName);
  if (model === tool || hasPrefixedName(modelName, mcpName) || hasPrefixedName(model, tool)) return true;
  if (model.startsWith(`${tool}_mcp_`)) return true;
  return isCutName(model, tool) || isCutName(withoutHash(model), tool);
}

function hasPrefixedName(model: string, tool: string): boolean {
  const before = model.length - tool.length;
  return before > 1 && model.endsWith(tool) && separators.includes(model.charAt(before - 1));
}

/** Whether a name at the limit ends with the beginning of the tool's name. */
function isCutName(body: string, tool: string): boolean {
  if (body.length < nameLimit - 14 || body.length > nameLimit) return false;
  const shortest = Math.min(8, tool.length);
  for (let length = Math.min(tool.length, body.length); length >= shortest; length -= 1) {
    const at = body.length - length;
    if ((at === 0 || separators.includes(body.charAt(at - 1))) && body.endsWith(tool.slice(0, length))) return true;
  }
  return false;
}

/** A name at the limit without its tail of 4 to 12 hexadecimal digits. */
function withoutHash(name: string): string {
  if (name.length < nameLimit - 4 || name.length > nameLimit) return '';
  const at = Math.max(name.lastIndexOf('_'), name.lastIndexOf('-'));
  const tail = name.slice(at + 1);
  const isHash =
    tail.length >= 4 && tail.length <= 12 && [...tail].every((digit) => '0123456789abcdefABCDEF'.includes(digit));
  return at > 0 && isHash ? name.slice(0, at) : '';
}

function sanitize(name: string): string {
  let clean = '';
  for (const character of name) clean += /[A-Za-z0-9_-]/.test(character) ? character : '_';
  return clean;
}
