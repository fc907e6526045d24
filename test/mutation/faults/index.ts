import type { Fault } from '../places.ts';
import { authorizationServerFaults } from './authorization-servers.ts';
import { serverFaults } from './servers.ts';
import { signInFaults } from './sign-in.ts';
import { tokenFaults } from './tokens.ts';

export const faults: readonly Fault[] = [
  ...signInFaults,
  ...tokenFaults,
  ...serverFaults,
  ...authorizationServerFaults,
];
