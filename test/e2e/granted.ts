import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extensionFolder } from './needs.ts';

/** A copy of the built extension to which everything that it may ask for is granted: nobody can click that headless. */
export function grantedExtension(): string {
  const folder = mkdtempSync(join(tmpdir(), 'granted-extension-'));
  cpSync(extensionFolder, folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const { optional_permissions, optional_host_permissions, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  const permissions = [...manifest.permissions, ...optional_permissions];
  writeFileSync(file, JSON.stringify({ ...manifest, permissions, host_permissions: optional_host_permissions }));
  return folder;
}
