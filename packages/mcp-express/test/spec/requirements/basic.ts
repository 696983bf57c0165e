import { ALL, EVERY, FIRST, FROM_2025_06_18, FROM_2025_11_25, page, UNTIL_2025_06_18 } from '../requirement.js';

const { must, mustNot, should } = page('basic');

export const BASIC = [
  must('basic.base-protocol', ALL, '', 'The messages and the lifecycle are served, whatever else is.'),
  must('basic.json-rpc', EVERY, 'messages', 'Every message is JSON-RPC 2.0, and nothing else is taken for one.'),
  must('basic.request-id-type', EVERY, 'requests', 'A request has an id that is a string or an integer.'),
  mustNot('basic.request-id-null', EVERY, 'requests', 'A request with the id null is never sent nor served.'),
  mustNot('basic.request-id-reuse', ALL, 'requests', 'Two requests we send in a session share no id.'),
  must('basic.response-id', EVERY, 'responses', 'A response carries the id of its request, type and all.'),
  must('basic.result-or-error', EVERY, 'responses', 'A response has a result or an error.'),
  mustNot('basic.result-and-error', UNTIL_2025_06_18, 'responses', 'A response has not both a result and an error.'),
  must('basic.error-shape', EVERY, 'responses', 'An error has a code and a message.'),
  must('basic.error-code-integer', EVERY, 'responses', 'The code of an error is an integer.'),
  mustNot('basic.notification-no-response', EVERY, 'notifications', 'A notification is never answered.'),
  mustNot('basic.notification-no-id', EVERY, 'notifications', 'A notification we send has no id.'),
  must('basic.batch-receive', FIRST, 'batching', 'A JSON-RPC batch is taken and answered.'),
  mustNot('basic.meta-no-assumptions', FROM_2025_06_18, 'meta', 'Nothing depends on values at reserved `_meta` keys.'),
  must('basic.meta-key-prefix', FROM_2025_06_18, 'meta', 'The prefix of a `_meta` key is dotted labels and a slash.'),
  must('basic.meta-key-label', FROM_2025_06_18, 'meta', 'Such a label begins with a letter and ends alphanumeric.'),
  must('basic.meta-key-name', FROM_2025_06_18, 'meta', 'The name in a `_meta` key begins and ends alphanumeric.'),
  should(
    'basic.meta-key-reverse-dns',
    FROM_2025_11_25,
    'meta',
    'The prefix of a `_meta` key is a domain name, reversed.',
  ),
  must('basic.schema-2020-12', FROM_2025_11_25, 'schema-dialect', 'JSON Schema 2020-12 is understood.'),
  must(
    'basic.schema-default-dialect',
    FROM_2025_11_25,
    'implementation-requirements',
    'A schema that names no dialect is read as 2020-12.',
  ),
  must(
    'basic.schema-declared-dialect',
    FROM_2025_11_25,
    'implementation-requirements',
    'A schema is checked by the dialect it names.',
  ),
  must(
    'basic.schema-unsupported-dialect',
    FROM_2025_11_25,
    'implementation-requirements',
    'A dialect that is not understood is refused with an error that says so.',
  ),
  should(
    'basic.schema-dialects-documented',
    FROM_2025_11_25,
    'implementation-requirements',
    'The documentation names the dialects that are understood.',
  ),
  must('basic.schema-valid', FROM_2025_11_25, 'schema-validation', 'A schema is valid in its own dialect.'),
];
