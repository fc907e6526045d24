import { startChat } from './chat.ts';
import { openV2 } from './sdk-v2.ts';

void startChat({ name: 'chat-v2', packageName: '@modelcontextprotocol/client', open: openV2 });
