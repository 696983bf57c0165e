import { ALL, FIRST, NEWEST_ONLY, page, SINCE_2025_06_18, UNTIL_2025_06_18 } from '../requirement.js';

const { must, mustNot, should } = page('basic');

export const BASIC = [
  must('basic.base-protocol', ALL, '', 'The messages and the lifecycle are served, whatever else is.'),
  must('basic.json-rpc', ALL, 'messages', 'Every message is JSON-RPC 2.0, and nothing else is taken for one.'),
  must('basic.request-id-type', ALL, 'requests', 'A request has an id that is a string or an integer.'),
  mustNot('basic.request-id-null', ALL, 'requests', 'A request with the id null is never sent nor served.'),
  mustNot('basic.request-id-reuse', ALL, 'requests', 'Two requests we send in a session share no id.'),
  must('basic.response-id', ALL, 'responses', 'A response carries the id of its request, type and all.'),
  must('basic.result-or-error', ALL, 'responses', 'A response has a result or an error.'),
  mustNot('basic.result-and-error', UNTIL_2025_06_18, 'responses', 'A response has not both a result and an error.'),
  must('basic.error-shape', ALL, 'responses', 'An error has a code and a message.'),
  must('basic.error-code-integer', ALL, 'responses', 'The code of an error is an integer.'),
  mustNot('basic.notification-no-response', ALL, 'notifications', 'A notification is never answered.'),
  mustNot('basic.notification-no-id', ALL, 'notifications', 'A notification we send has no id.'),
  must('basic.batch-receive', FIRST, 'batching', 'A JSON-RPC batch is taken and answered.'),
  mustNot('basic.meta-no-assumptions', SINCE_2025_06_18, 'meta', 'Nothing depends on values at reserved `_meta` keys.'),
  must('basic.meta-key-prefix', SINCE_2025_06_18, 'meta', 'The prefix of a `_meta` key is dotted labels and a slash.'),
  must('basic.meta-key-label', SINCE_2025_06_18, 'meta', 'Such a label begins with a letter and ends alphanumeric.'),
  must('basic.meta-key-name', SINCE_2025_06_18, 'meta', 'The name in a `_meta` key begins and ends alphanumeric.'),
  should('basic.meta-key-reverse-dns', NEWEST_ONLY, 'meta', 'The prefix of a `_meta` key is a domain name, reversed.'),
  must('basic.schema-2020-12', NEWEST_ONLY, 'schema-dialect', 'JSON Schema 2020-12 is understood.'),
  must(
    'basic.schema-default-dialect',
    NEWEST_ONLY,
    'implementation-requirements',
    'A schema that names no dialect is read as 2020-12.',
  ),
  must(
    'basic.schema-declared-dialect',
    NEWEST_ONLY,
    'implementation-requirements',
    'A schema is checked by the dialect it names.',
  ),
  must(
    'basic.schema-unsupported-dialect',
    NEWEST_ONLY,
    'implementation-requirements',
    'A dialect that is not understood is refused with an error that says so.',
  ),
  should(
    'basic.schema-dialects-documented',
    NEWEST_ONLY,
    'implementation-requirements',
    'The documentation names the dialects that are understood.',
  ),
  must('basic.schema-valid', NEWEST_ONLY, 'schema-validation', 'A schema is valid in its own dialect.'),
];
