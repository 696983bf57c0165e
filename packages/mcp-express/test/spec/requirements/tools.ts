import { EVERY, FROM_2025_06_18, FROM_2025_11_25, page } from '../requirement.js';

const { must, should, shouldNot } = page('server/tools');

export const TOOLS = [
  must('tools.capability', EVERY, 'capabilities', 'A server with tools declares so.'),
  should('tools.list-changed', EVERY, 'list-changed-notification', 'Clients are told when the list changes.'),
  must('tools.input-schema', FROM_2025_11_25, 'tool', 'The input schema of every tool is a JSON Schema object.'),
  should('tools.name-length', FROM_2025_11_25, 'tool-names', 'A name has 1 to 128 characters.'),
  should('tools.name-case', FROM_2025_11_25, 'tool-names', 'Names that differ in case are different names.'),
  should('tools.name-characters', FROM_2025_11_25, 'tool-names', 'A name is of letters, digits, "_", "-" and ".".'),
  shouldNot('tools.name-special', FROM_2025_11_25, 'tool-names', 'A name has no spaces, commas or the like.'),
  should('tools.name-unique', FROM_2025_11_25, 'tool-names', 'A server has no two tools of one name.'),
  should(
    'tools.embedded-resources',
    FROM_2025_06_18,
    'embedded-resources',
    'A server whose tools embed resources has resources.',
  ),
  should('tools.structured-text', FROM_2025_06_18, 'structured-content', 'A structured result is there as text too.'),
  must('tools.output-schema', FROM_2025_06_18, 'output-schema', 'A structured result conforms to the output schema.'),
  must('tools.validate-inputs', EVERY, 'security-considerations', 'Arguments are checked before the tool runs.'),
  must('tools.access-control', EVERY, 'security-considerations', 'Who may not call a tool does not.'),
  must('tools.rate-limit', EVERY, 'security-considerations', 'Calls are limited.'),
  must(
    'tools.sanitize-outputs',
    EVERY,
    'security-considerations',
    'What a tool returns can be nothing but its result.',
  ),
];
