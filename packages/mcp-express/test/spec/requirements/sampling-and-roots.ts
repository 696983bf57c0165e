import { ALL, EVERY, FROM_2025_11_25, page } from '../requirement.js';

const sampling = page('client/sampling');
const roots = page('client/roots');

const SECURITY = 'security-considerations';
const GUIDELINES = 'implementation-guidelines';

export const SAMPLING = [
  sampling.mustNot(
    'sampling.tools-capability',
    FROM_2025_11_25,
    'tools-in-sampling',
    'Tools only for who declares them.',
  ),
  sampling.should('sampling.no-context', FROM_2025_11_25, 'capabilities', 'includeContext is left out.'),
  sampling.shouldNot(
    'sampling.context-capability',
    FROM_2025_11_25,
    'capabilities',
    'Or used for who declares it only.',
  ),
  sampling.must('sampling.tool-results-only', FROM_2025_11_25, 'tool-result-messages', 'Tool results stand alone.'),
  sampling.must(
    'sampling.tool-use-balance',
    FROM_2025_11_25,
    'tool-use-and-result-balance',
    'Each use of a tool is followed by its result.',
  ),
  sampling.must(
    'sampling.tool-use-answered',
    FROM_2025_11_25,
    SECURITY,
    'A model that used tools is given all results.',
  ),
  sampling.should('sampling.validate-content', EVERY, SECURITY, 'Messages are checked.'),
  sampling.must('sampling.sensitive-data', EVERY, SECURITY, 'What is sensitive reaches nobody else.'),
  sampling.should('sampling.iteration-limit', FROM_2025_11_25, SECURITY, 'A loop of tool calls has an end.'),
];

export const ROOTS = [
  roots.should('roots.check-capability', EVERY, GUIDELINES, 'Roots are asked only of who declares them.'),
  roots.should('roots.list-changes', ALL, GUIDELINES, 'That roots have changed is taken note of.'),
  roots.should('roots.boundaries', EVERY, GUIDELINES, 'Work stays within the roots.'),
  roots.should('roots.cached', EVERY, GUIDELINES, 'Roots are remembered as long as is right.'),
  roots.should('roots.unavailable', EVERY, SECURITY, 'Roots that are not to be had are survived.'),
  roots.should('roots.paths-validated', EVERY, SECURITY, 'Paths are checked against the roots.'),
];
