import { startChat } from './chat.ts';
import { remoteSession } from './worker/remote-session.ts';

const name = 'chat-worker';
void startChat({
  name,
  packageName: '@modelcontextprotocol/client, in a worker',
  open: (settings, provider) => remoteSession(name, settings, provider),
});
