import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The policy that the contract names, word for word. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src https: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'";

describe.each(['chrome', 'firefox'] as const)('the %s build', (browser) => {
  const folder = mkdtempSync(join(tmpdir(), `build-${browser}-`));
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  let manifest: Record<string, unknown> = {};
  beforeAll(async () => {
    await build({
      configFile: resolve('vite.config.ts'),
      mode: browser,
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true },
    });
    manifest = JSON.parse(read('manifest.json'));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('asks at install for nothing that brings a warning', () => {
    expect(manifest.manifest_version).toBe(3);
    expect(manifest.permissions).toEqual(['storage']);
    expect(manifest.host_permissions).toBeUndefined();
    expect(manifest.content_scripts).toBeUndefined();
    for (const absent of ['web_accessible_resources', 'externally_connectable', 'key']) {
      expect(manifest).not.toHaveProperty(absent);
    }
    expect(manifest.optional_permissions).toEqual(['webRequest', 'webNavigation', 'scripting']);
  });

  test('keeps the policy', () => {
    expect(manifest.content_security_policy).toEqual({ extension_pages: policy });
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.js')) expect(read(file)).not.toMatch(/\.innerHTML|\beval\(|new Function\(/);
      if (file.endsWith('.html')) expect(read(file)).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/);
    }
  });

  test('has every file that it names, and the background of its browser', () => {
    const background = manifest.background as { service_worker?: string; scripts?: string[] };
    const scripts = browser === 'chrome' ? [background.service_worker] : background.scripts;
    const named = [manifest.devtools_page, 'src/extension/panel/panel.html', ...(scripts ?? [])];
    named.push(...Object.values(manifest.icons as object), '_locales/en/messages.json');
    expect(Object.keys(background).includes(browser === 'chrome' ? 'scripts' : 'service_worker')).toBe(false);
    for (const path of named) expect(read(String(path)).length).toBeGreaterThan(0);
  });
});
