import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Manifest {
  readonly permissions?: readonly string[];
  readonly optional_permissions?: readonly string[];
  readonly optional_host_permissions?: readonly string[];
  readonly [name: string]: unknown;
}

/** Firefox tells add-ons apart by the name that they give themselves: both can then be installed beside each other. */
export const idInFirefox = 'mcp-auth-inspector@extension';
export const grantedIdInFirefox = 'granted-mcp-auth-inspector@extension';

/**
 * A copy of a built extension to which everything optional is granted: nobody can click on a browser's own question
 * where there is no screen. Returns its folder, which is the caller's to remove.
 */
export async function grantedBuild(built: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'granted-'));
  await cp(built, folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
  const { optional_permissions = [], optional_host_permissions = [], permissions = [], ...rest } = manifest;
  const granted = { ...rest, permissions: [...permissions, ...optional_permissions] };
  const text = JSON.stringify({ ...granted, host_permissions: optional_host_permissions }, null, 2);
  await writeFile(path, text.replace(idInFirefox, grantedIdInFirefox));
  return folder;
}
