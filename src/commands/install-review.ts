import { planInstall } from '../install/plan-install.ts';
import type { InstallRequest } from '../install/plan-install.ts';
import type { WizardAnswers } from '../install/wizard.ts';
import { homeLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { describe } from './describe.ts';

/** What the answers lead to, for a person's last look. */
export function reviewOf(world: World, request: InstallRequest, answers: WizardAnswers): string {
  const plan = planInstall(world, { ...request, trust: answers.trust });
  if (!plan.ok) return describe(plan.failure);
  const { app, files } = plan.value;
  return [
    `program   ${world.home}/app/${app.folder}${app.isThere ? ' (is there)' : ''}`,
    ...files.map(({ path, before }) => `${before === undefined ? 'make  ' : 'change'}    ${path}`),
    `reviewer  ${answers.provider ?? 'as it is'}${answers.apiKey === undefined ? '' : `, key into ${homeLayout(world.home).providerEnvironment}`}`,
    `scheduler ${answers.scheduler ? 'yes' : 'no (sessions start it when work waits)'}`,
    `trust     ${answers.trust ? 'written for our three hooks' : 'by you, with /hooks'}`,
  ].join('\n');
}
