// The redirect URI of use-mcp: its own code redeems the authorization code here, in the popup.
import { onMcpAuthorization } from 'use-mcp';

void onMcpAuthorization();
