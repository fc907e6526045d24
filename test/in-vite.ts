/**
 * Runs a script that imports the rules: their registry is a list of folders that Vite draws up.
 * `tsx test/in-vite.ts <script> [arguments]`
 */
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [script] = process.argv.splice(2, 1);
if (script === undefined) throw new Error('name a script');
await runnerImport(resolve(script), { root: resolve(import.meta.dirname, '..'), logLevel: 'error' });
