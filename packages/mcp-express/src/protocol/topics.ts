/** Where nodes tell each other what has happened. */
export const TOPICS = {
  /** A list was said to have changed. Message: its name. */
  list: 'lists-changed',
  /** A resource was said to have changed. Message: its URI. */
  resource: 'resource-changed',
  /** A task has another state than before. Message: its id. */
  task: 'task-changed',
  /** A client has answered what a task asked, or wants it to stop. Message: a `TaskOrder`. */
  taskOrder: 'task-order',
} as const;
