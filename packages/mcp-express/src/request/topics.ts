/** Bus topics by which nodes notify each other. */
export const TOPICS = {
  /** The application announced a change of a list. Message: name of the list. */
  list: 'lists-changed',
  /** The application announced a change of a resource. Message: canonical key of its URI. */
  resource: 'resource-changed',
  /** The state of a task changed. Message: its id. */
  task: 'task-changed',
  /** A client answered a task's requests, or cancelled it. Message: a task order as JSON. */
  taskCommand: 'task-order',
} as const;
