import { MODERN, page } from '../requirement.js';

const tools = page('server/tools');
const resources = page('server/resources');
const prompts = page('server/prompts');
const caching = page('server/utilities/caching');
const logging = page('server/utilities/logging');
const completion = page('server/utilities/completion');
const elicitation = page('client/elicitation');
const sampling = page('client/sampling');

const MARK = 'x-mcp-header';
const URL_MODE = 'url-mode-elicitation-requests';

export const MODERN_TOOLS = [
  tools.must('tools.list-answered', MODERN, 'capabilities', 'Who lists tools gets those that there are for it.'),
  tools.mustNot('tools.list-stable', MODERN, 'capabilities', 'They depend on no connection and no earlier request.'),
  tools.should('tools.list-order', MODERN, 'capabilities', 'They come in the same order each time.'),
  // The page on Streamable HTTP has the same once more.
  tools.mustNot('tools.header-empty', MODERN, MARK, 'The name of a header of an argument is not empty.'),
  tools.must('tools.header-token', MODERN, MARK, 'It is of characters that header names have.'),
  tools.mustNot('tools.header-control', MODERN, MARK, 'It has no control characters.'),
  tools.must('tools.header-unique', MODERN, MARK, 'No two arguments have one header, whatever its case.'),
  tools.must('tools.header-primitive', MODERN, MARK, 'The argument is a string, an integer or a boolean.'),
  tools.must('tools.header-safe-integer', MODERN, MARK, 'The integer is one that every double can hold.'),
  tools.must('tools.header-reachable', MODERN, MARK, 'The argument is reached through properties alone.'),
  tools.shouldNot(
    'tools.header-secrets',
    MODERN,
    MARK,
    'Secrets are not repeated as headers.',
    'Which arguments are marked is the choice of the application.',
  ),
];

export const MODERN_RESOURCES = [
  resources.must('resources.list-answered', MODERN, 'capabilities', 'Who lists resources gets those there are for it.'),
  resources.mustNot('resources.list-stable', MODERN, 'capabilities', 'They depend on nothing but who asks.'),
  resources.must('resources.not-found', MODERN, 'error-handling', 'A resource that is not there is -32602.'),
  resources.mustNot('resources.not-empty', MODERN, 'error-handling', 'It is not answered as one without contents.'),
  resources.must(
    'resources.file-paths',
    MODERN,
    'security-considerations',
    'No path of a file: URI leads out of what is served.',
  ),
];

export const MODERN_PROMPTS = [
  prompts.must('prompts.list-answered', MODERN, 'capabilities', 'Who lists prompts gets those that there are for it.'),
  prompts.mustNot('prompts.list-stable', MODERN, 'capabilities', 'They depend on nothing but who asks.'),
];

export const CACHING = [
  caching.must(
    'caching.hints',
    MODERN,
    'cacheable-results',
    'Complete results that may be kept say so, and for how long.',
  ),
  caching.must('caching.ttl', MODERN, 'time-to-live-ttl-field', 'That is 0 or more.'),
  caching.must(
    'caching.same-scope',
    MODERN,
    'interaction-with-pagination',
    'All pages of a list are for the same people.',
  ),
  caching.must('caching.public-shared', MODERN, 'security-considerations', 'What is public may be seen by everybody.'),
  caching.must(
    'caching.access-control',
    MODERN,
    'security-considerations',
    'Who may see something is checked each time.',
  ),
  caching.mustNot('caching.not-by-scope', MODERN, 'security-considerations', 'Not the scope alone protects it.'),
];

export const MODERN_LOGGING = [
  logging.mustNot('logging.only-asked', MODERN, 'per-request-log-level', 'Who names no level is sent no log messages.'),
  logging.mustNot(
    'logging.own-stream',
    MODERN,
    'per-request-log-level',
    'They are on the stream of their request alone.',
  ),
];

export const MODERN_COMPLETION = [
  completion.should(
    'completion.limited',
    MODERN,
    'implementation-considerations',
    'Requests for completions can be limited.',
  ),
];

export const MODERN_ELICITATION = [
  elicitation.must('elicitation.page-parameters', MODERN, URL_MODE, 'URL mode has mode, message and url.'),
  elicitation.must('elicitation.declined', MODERN, 'error-handling', 'A user who says no is heard.'),
  elicitation.shouldNot(
    'elicitation.not-assumed',
    MODERN,
    'error-handling',
    'That a question is answered is not assumed.',
  ),
  elicitation.mustNot(
    'elicitation.credentials-kept',
    MODERN,
    'understanding-the-distinction',
    'Credentials that were got by URL are not sent to the client.',
    'We call no third party and hold no credentials for one.',
  ),
  elicitation.must(
    'elicitation.url-changed',
    MODERN,
    'phishing',
    'A changed URL does not make one user another.',
    'Concerns the web page behind the URL, which is the application’s: we serve none.',
  ),
];

export const MODERN_SAMPLING = [
  sampling.must('sampling.message-shape', MODERN, 'messages', 'A message has a role and content.'),
  sampling.shouldNot(
    'sampling.not-retained',
    MODERN,
    'messages',
    'Messages are not kept from one request to the next.',
  ),
];
