import { ALL, NEWEST_ONLY, page } from '../requirement.js';

const sampling = page('client/sampling');
const roots = page('client/roots');

const SECURITY = 'security-considerations';
const GUIDELINES = 'implementation-guidelines';

export const SAMPLING = [
  sampling.mustNot('sampling.tools-capability', NEWEST_ONLY, 'tools-in-sampling', 'Tools only for who declares them.'),
  sampling.should('sampling.no-context', NEWEST_ONLY, 'capabilities', 'includeContext is left out.'),
  sampling.shouldNot('sampling.context-capability', NEWEST_ONLY, 'capabilities', 'Or used for who declares it only.'),
  sampling.must('sampling.tool-results-only', NEWEST_ONLY, 'tool-result-messages', 'Tool results stand alone.'),
  sampling.must(
    'sampling.tool-use-balance',
    NEWEST_ONLY,
    'tool-use-and-result-balance',
    'Each use of a tool is followed by its result.',
  ),
  sampling.must('sampling.tool-use-answered', NEWEST_ONLY, SECURITY, 'A model that used tools is given all results.'),
  sampling.should('sampling.validate-content', ALL, SECURITY, 'Messages are checked.'),
  sampling.must('sampling.sensitive-data', ALL, SECURITY, 'What is sensitive reaches nobody else.'),
  sampling.should('sampling.iteration-limit', NEWEST_ONLY, SECURITY, 'A loop of tool calls has an end.'),
];

export const ROOTS = [
  roots.should('roots.check-capability', ALL, GUIDELINES, 'Roots are asked only of who declares them.'),
  roots.should('roots.list-changes', ALL, GUIDELINES, 'That roots have changed is taken note of.'),
  roots.should('roots.boundaries', ALL, GUIDELINES, 'Work stays within the roots.'),
  roots.should('roots.cached', ALL, GUIDELINES, 'Roots are remembered as long as is right.'),
  roots.should('roots.unavailable', ALL, SECURITY, 'Roots that are not to be had are survived.'),
  roots.should('roots.paths-validated', ALL, SECURITY, 'Paths are checked against the roots.'),
];
