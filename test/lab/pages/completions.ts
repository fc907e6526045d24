/** A tool as the model is told about it. */
export interface ToolDescription {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: object;
}

/** A call the model asks for. */
export interface ToolCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

/** A message of a conversation, as the OpenAI chat completions API has it. */
export interface ChatMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly content: string | null;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
}

/** One turn of the model. Throws when the API does not answer with 200. */
export async function complete(
  url: string,
  messages: readonly ChatMessage[],
  tools: readonly ToolDescription[],
): Promise<ChatMessage> {
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer no-key-needed' },
    body: JSON.stringify({
      model: 'scripted',
      messages,
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function',
        function: { name, description, parameters: inputSchema },
      })),
    }),
  });
  if (!response.ok) throw new Error(`The model answered with status ${response.status}.`);
  const { choices } = (await response.json()) as { choices: { message: ChatMessage }[] };
  return choices[0]?.message ?? { role: 'assistant', content: '' };
}
