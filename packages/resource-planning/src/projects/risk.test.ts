import { expect, test } from '@jest/globals';
import { decimalOf } from '../money/decimal.js';
import { standingOf } from './budget-use.js';
import { type ProjectFacts, risksOf } from './risk.js';

const TODAY = '2026-11-23';
const facts = (over: Partial<ProjectFacts>): ProjectFacts => ({
  standing: standingOf(undefined, []),
  runOut: {},
  span: {},
  finished: false,
  milestones: [],
  teamSize: 2,
  unassignedHours: 0,
  ...over,
});
const OVER = standingOf(decimalOf(10), [{ day: '2026-11-01', amount: decimalOf(11) }]);
const end = '2026-11-22';

test.each([
  ['nothing to say', {}, []],
  ['over budget', { standing: OVER, runOut: { exceededOn: '2026-11-01' } }, ['over-budget']],
  ['the budget will run out', { runOut: { exceededOn: '2026-12-01' } }, ['budget-runs-out']],
  ['exactly used up is no risk', { runOut: { usedUpOn: '2026-12-01' } }, []],
  ['past its end', { span: { end } }, ['past-end-date']],
  ['ends today', { span: { end: TODAY } }, []],
  ['work after the end', { span: { end }, lastWork: TODAY }, ['past-end-date', 'work-after-end']],
  ['work on the last day', { span: { end: TODAY }, lastWork: TODAY }, []],
  [
    'a late milestone',
    { span: { end: TODAY }, milestones: [{ name: 'Launch', day: '2026-12-01' }] },
    ['milestone-after-end'],
  ],
  ['no people', { teamSize: 0, unassignedHours: 5 }, ['no-team', 'unassigned-work']],
  ['finished', { finished: true, span: { end }, teamSize: 0 }, []],
  ['finished over budget', { finished: true, standing: OVER }, ['over-budget']],
  ['no end date', { lastWork: '2030-01-01' }, []],
] satisfies [string, Partial<ProjectFacts>, string[]][])('%s', (_title, over, kinds) => {
  expect(risksOf(facts(over), TODAY).map(({ kind }) => kind)).toEqual(kinds);
});
