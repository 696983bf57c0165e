import { ALL, page } from '../requirement.js';

const { must, should } = page('server/prompts');

export const PROMPTS = [
  must('prompts.capability', ALL, 'capabilities', 'A server with prompts declares so.'),
  should('prompts.list-changed', ALL, 'list-changed-notification', 'Clients are told when the list changes.'),
  must('prompts.image-content', ALL, 'image-content', 'An image is base64 and has a media type.'),
  must('prompts.audio-content', ALL, 'audio-content', 'So is a sound.'),
  must('prompts.embedded-resource', ALL, 'embedded-resources', 'A resource has URI, media type, and text or base64.'),
  should('prompts.error-name', ALL, 'error-handling', 'A prompt that is not there is -32602.'),
  should('prompts.error-arguments', ALL, 'error-handling', 'Missing arguments are -32602.'),
  should('prompts.error-internal', ALL, 'error-handling', 'A failure of ours is -32603.'),
  should('prompts.validate-arguments', ALL, 'implementation-considerations', 'Arguments are checked before use.'),
  should('prompts.respect-capabilities', ALL, 'implementation-considerations', 'What was negotiated is kept to.'),
  must('prompts.validate-content', ALL, 'security', 'What goes into a prompt and what comes out of it is checked.'),
];
