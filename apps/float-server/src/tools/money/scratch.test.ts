import { writeFileSync } from 'node:fs';
import { test } from '@jest/globals';
import { openKit, textOf } from '../testing/kit.js';
import { showBudget } from './show-budget.js';
test('x', async () => {
  const kit = await openKit({ seed: true, tools: [showBudget] });
  let out = '';
  for (const p of await kit.api.listAll('projects')) {
    const r = await kit.call('show-budget', { project: p.name, include_costs: true, basis: 'past-logged-future-scheduled', include_tentative: p.status < 2 });
    out += textOf(r) + '\n\n';
    if (p.name.includes('Webshop')) out += JSON.stringify(r.structuredContent, null, 1);
  }
  writeFileSync('/tmp/hB-out.txt', out);
  await kit.close();
});
