import { chmodSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { observerFiles } from './src/extension/observer/files.ts';

const root = import.meta.dirname;
const at = (path: string): string => resolve(root, path);
const readJson = (path: string) => JSON.parse(readFileSync(at(path), 'utf8'));

/** The manifest of one browser: the shared file with that browser's kind of background. */
function manifestFor(browser: 'chrome' | 'firefox'): ManifestV3Export {
  const { minimum_chrome_version, browser_specific_settings, background, ...shared } = readJson('manifest.json');
  const version: string = readJson('package.json').version;
  return browser === 'chrome'
    ? { ...shared, version, minimum_chrome_version, background }
    : {
        ...shared,
        version,
        browser_specific_settings,
        background: { scripts: [background.service_worker], type: 'module' },
      };
}

/**
 * Preact's one way from a string to markup. The panel never uses it, and a
 * build without it can be checked by a search for `innerHTML`.
 */
function withoutMarkupSink(): Plugin {
  const sink = '(l||y&&(h.__html==y.__html||h.__html==t.innerHTML)||(t.innerHTML=h.__html),r.__k=[])';
  return {
    name: 'without-markup-sink',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith('/preact/dist/preact.mjs')) return null;
      if (code.split(sink).length !== 2) this.error('preact has changed: find its innerHTML assignment again');
      return { code: code.replace(sink, '(r.__k=[])'), map: null };
    },
    generateBundle(_options, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === 'chunk' && file.code.includes('.innerHTML'))
          this.error(`${name} can write markup (innerHTML)`);
      }
    },
  };
}

/** Nothing of the extension is for pages: the bundler's own list of resources for them goes. */
function withoutWebAccessibleResources(): Plugin {
  return {
    name: 'without-web-accessible-resources',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const manifest = bundle['manifest.json'];
      if (manifest?.type !== 'asset') return;
      const { web_accessible_resources: _, ...rest } = JSON.parse(manifest.source.toString());
      manifest.source = `${JSON.stringify(rest, null, 2)}\n`;
    },
  };
}

/** A script that runs inside pages: one file without imports, because pages load no module of ours. */
function pageScript(path: string, fileName: string): Plugin {
  return {
    name: 'page-script',
    async generateBundle() {
      const built = await build({
        configFile: false,
        logLevel: 'error',
        publicDir: false,
        build: { write: false, target: shared.target, lib: { entry: at(path), formats: ['iife'], name: 'script' } },
      });
      const [output] = Array.isArray(built) ? built : [built];
      const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
      if (chunk === undefined) this.error(`${path} was not built`);
      this.emitFile({ type: 'asset', fileName, source: chunk.code });
    },
  };
}

/** The command is started by its own name, so the file must be executable. */
function executable(path: string): Plugin {
  return {
    name: 'executable',
    writeBundle() {
      chmodSync(at(path), 0o755);
    },
  };
}

/** Ships a file of the sources as it is. */
function beside(path: string, fileName: string): Plugin {
  return {
    name: 'beside',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(at(path), 'utf8') });
    },
  };
}

/** AssemblyScript that is imported with `?wasm` is compiled to WebAssembly, and comes as text of Base64. */
function assemblyScript(): Plugin {
  return {
    name: 'assembly-script',
    enforce: 'pre',
    async load(id) {
      const [path, query] = id.split('?');
      if (path === undefined || query !== 'wasm') return null;
      const { default: compiler } = await import('assemblyscript/asc');
      let wasm: Uint8Array = new Uint8Array();
      const { error, stderr } = await compiler.main(
        ['main.ts', '--outFile', 'main.wasm', '-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory'],
        {
          readFile: (name) => (name === 'main.ts' ? readFileSync(path, 'utf8') : null),
          writeFile: (_name, contents) => {
            if (contents instanceof Uint8Array) wasm = contents;
          },
        },
      );
      if (error) this.error(`${path}: ${error.message} ${stderr.toString()}`);
      return `export default ${JSON.stringify(Buffer.from(wasm).toString('base64'))}`;
    },
  };
}

// A busy machine may be slow: what a test asserts of time is a ratio, never its length. Where nobody looks on, a browser
// that a neighbour held up gets another try; at the desk a test that fails once is looked at.
const test = {
  include: ['test/**/*.test.{ts,tsx}'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  maxWorkers: '100%',
  retry: process.env.CI ? 2 : 0,
};
const shared = {
  modulePreload: false as const,
  target: 'es2023',
  cssTarget: 'chrome123',
  emptyOutDir: true,
  reportCompressedSize: false,
};

export default defineConfig(({ mode }) => {
  const version: string = readJson('package.json').version;
  const define = { __VERSION__: JSON.stringify(version) };
  if (mode === 'chrome' || mode === 'firefox') {
    return {
      root,
      define,
      plugins: [
        withoutMarkupSink(),
        crx({ manifest: manifestFor(mode), browser: mode }),
        withoutWebAccessibleResources(),
        pageScript('src/extension/observer/observer.ts', observerFiles.page),
        pageScript('src/extension/observer/bridge.ts', observerFiles.bridge),
      ],
      build: {
        ...shared,
        outDir: `dist/${mode}`,
        // The panel is named only in a call at run time, so the bundler cannot find it by itself.
        rollupOptions: { input: { panel: at('src/extension/panel/panel.html') } },
      },
      test,
    };
  }
  if (mode === 'page') {
    return {
      root: at('src/extension/page'),
      base: './',
      define,
      publicDir: false,
      plugins: [withoutMarkupSink()],
      build: { ...shared, outDir: at('dist/page') },
      test,
    };
  }
  if (mode === 'cli') {
    return {
      root,
      define,
      publicDir: false,
      plugins: [
        assemblyScript(),
        executable('dist/cli/main.js'),
        beside('src/cli/config.schema.json', 'config.schema.json'),
        beside('src/cli/commonjs.json', 'package.json'),
      ],
      ssr: { noExternal: true, target: 'node' },
      build: {
        ...shared,
        ssr: at('src/cli/main.ts'),
        outDir: 'dist/cli',
        target: 'node20',
        // Each call parses all of it: half the text is half the wait.
        minify: true,
        // Node starts and runs a CommonJS program sooner than the same as a module.
        rollupOptions: {
          output: { format: 'cjs', strict: true, banner: '#!/usr/bin/env node', entryFileNames: 'main.js' },
        },
      },
      test,
    };
  }
  if (mode === 'library') {
    return {
      root,
      define,
      publicDir: false,
      ssr: { noExternal: true, target: 'node' },
      build: {
        ...shared,
        ssr: at('src/index.ts'),
        outDir: 'dist/library',
        target: 'node20',
        rollupOptions: { output: { entryFileNames: 'index.js' } },
      },
      test,
    };
  }
  return { plugins: [assemblyScript()], test };
});
