import { ALL, EVERY, page } from '../requirement.js';

const completion = page('server/utilities/completion');
const logging = page('server/utilities/logging');
const pagination = page('server/utilities/pagination');

const ERRORS = 'error-handling';
const CONSIDERATIONS = 'implementation-considerations';

export const COMPLETION = [
  completion.must('completion.capability', EVERY, 'capabilities', 'A server with completions declares so.'),
  completion.should('completion.error-capability', EVERY, ERRORS, 'A server without them answers -32601.'),
  completion.should('completion.error-prompt', EVERY, ERRORS, 'A prompt that is not there is -32602.'),
  completion.should('completion.error-arguments', EVERY, ERRORS, 'Missing arguments are -32602.'),
  completion.should('completion.error-internal', EVERY, ERRORS, 'A failure of ours is -32603.'),
  completion.should('completion.sorted', EVERY, CONSIDERATIONS, 'The best suggestion comes first.'),
  completion.should('completion.fuzzy', EVERY, CONSIDERATIONS, 'Matching forgives where that makes sense.'),
  completion.must('completion.validate-inputs', EVERY, 'security', 'What is asked is checked.'),
  completion.must('completion.rate-limit', EVERY, 'security', 'Requests are limited.'),
  completion.must('completion.access-control', EVERY, 'security', 'Sensitive suggestions are not for everybody.'),
  completion.must('completion.no-disclosure', EVERY, 'security', 'Nothing is told that was not meant as a suggestion.'),
];

export const LOGGING = [
  logging.must('logging.capability', EVERY, 'capabilities', 'A server that logs to clients declares so.'),
  logging.should('logging.error-level', EVERY, ERRORS, 'A level that is none is -32602.'),
  logging.should('logging.error-configuration', ALL, ERRORS, 'A level that could not be set is -32603.'),
  logging.should('logging.rate-limited', EVERY, CONSIDERATIONS, 'Log messages are limited.'),
  logging.should('logging.context', EVERY, CONSIDERATIONS, 'The data says what matters.'),
  logging.should('logging.logger-names', EVERY, CONSIDERATIONS, 'Loggers keep their names.'),
  logging.should('logging.sensitive-removed', EVERY, CONSIDERATIONS, 'Sensitive information is taken out.'),
  logging.mustNot('logging.no-credentials', EVERY, 'security', 'No credential or secret is in a log message.'),
  logging.mustNot('logging.no-personal-data', EVERY, 'security', 'Nothing in a log message identifies a person.'),
  logging.mustNot('logging.no-internals', EVERY, 'security', 'Nothing in a log message helps an attacker.'),
  logging.should('logging.data-validated', EVERY, 'security', 'The data of a message is checked.'),
  logging.should('logging.access', EVERY, 'security', 'Who sees log messages is controlled.'),
  logging.should('logging.monitored', EVERY, 'security', 'Somebody watches for sensitive content.'),
];

export const PAGINATION = [
  pagination.should('pagination.stable-cursors', EVERY, 'implementation-guidelines', 'A cursor keeps its meaning.'),
  pagination.should('pagination.invalid-cursors', EVERY, 'implementation-guidelines', 'A wrong one does no harm.'),
  pagination.should('pagination.error-cursor', EVERY, ERRORS, 'A wrong cursor is -32602.'),
];
