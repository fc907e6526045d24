/** `npm run mutation [-- <sessions>]`: the whole proof, and its table. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['vitest', 'run', 'test/mutation', '--testTimeout=0'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, MUTATION_SESSIONS: process.argv[2] ?? '160' },
});
process.exitCode = status ?? 1;
