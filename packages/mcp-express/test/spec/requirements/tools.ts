import { ALL, NEWEST_ONLY, page, SINCE_2025_06_18 } from '../requirement.js';

const { must, should, shouldNot } = page('server/tools');

export const TOOLS = [
  must('tools.capability', ALL, 'capabilities', 'A server with tools declares so.'),
  should('tools.list-changed', ALL, 'list-changed-notification', 'Clients are told when the list changes.'),
  must('tools.input-schema', NEWEST_ONLY, 'tool', 'The input schema of every tool is a JSON Schema object.'),
  should('tools.name-length', NEWEST_ONLY, 'tool-names', 'A name has 1 to 128 characters.'),
  should('tools.name-case', NEWEST_ONLY, 'tool-names', 'Names that differ in case are different names.'),
  should('tools.name-characters', NEWEST_ONLY, 'tool-names', 'A name is of letters, digits, "_", "-" and ".".'),
  shouldNot('tools.name-special', NEWEST_ONLY, 'tool-names', 'A name has no spaces, commas or the like.'),
  should('tools.name-unique', NEWEST_ONLY, 'tool-names', 'A server has no two tools of one name.'),
  should(
    'tools.embedded-resources',
    SINCE_2025_06_18,
    'embedded-resources',
    'A server whose tools embed resources has resources.',
  ),
  should('tools.structured-text', SINCE_2025_06_18, 'structured-content', 'A structured result is there as text too.'),
  must('tools.output-schema', SINCE_2025_06_18, 'output-schema', 'A structured result conforms to the output schema.'),
  must('tools.validate-inputs', ALL, 'security-considerations', 'Arguments are checked before the tool runs.'),
  must('tools.access-control', ALL, 'security-considerations', 'Who may not call a tool does not.'),
  must('tools.rate-limit', ALL, 'security-considerations', 'Calls are limited.'),
  must('tools.sanitize-outputs', ALL, 'security-considerations', 'What a tool returns can be nothing but its result.'),
];
