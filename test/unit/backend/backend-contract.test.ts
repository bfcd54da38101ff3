import { scriptBackend } from '../../../src/backend/script.ts';
import { backendContract } from '../../support/backend-contract.ts';
import { faithfulAnswer } from '../../support/faithful-agent.mjs';
import { agentOf } from './agent-rig.ts';

backendContract('script', () => scriptBackend);
backendContract('an agent', () => agentOf(faithfulAnswer).backend);
