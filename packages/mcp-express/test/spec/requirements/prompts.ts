import { EVERY, page } from '../requirement.js';

const { must, should } = page('server/prompts');

export const PROMPTS = [
  must('prompts.capability', EVERY, 'capabilities', 'A server with prompts declares so.'),
  should('prompts.list-changed', EVERY, 'list-changed-notification', 'Clients are told when the list changes.'),
  must('prompts.image-content', EVERY, 'image-content', 'An image is base64 and has a media type.'),
  must('prompts.audio-content', EVERY, 'audio-content', 'So is a sound.'),
  must('prompts.embedded-resource', EVERY, 'embedded-resources', 'A resource has URI, media type, and text or base64.'),
  should('prompts.error-name', EVERY, 'error-handling', 'A prompt that is not there is -32602.'),
  should('prompts.error-arguments', EVERY, 'error-handling', 'Missing arguments are -32602.'),
  should('prompts.error-internal', EVERY, 'error-handling', 'A failure of ours is -32603.'),
  should('prompts.validate-arguments', EVERY, 'implementation-considerations', 'Arguments are checked before use.'),
  should('prompts.respect-capabilities', EVERY, 'implementation-considerations', 'What was negotiated is kept to.'),
  must('prompts.validate-content', EVERY, 'security', 'What goes into a prompt and what comes out of it is checked.'),
];
