import { writeWhole } from '../../src/cli/files.ts';

/** A process that writes so much that it can be interrupted at it. */
await writeWhole(process.argv[2] ?? '', 'x'.repeat(300_000_000));
