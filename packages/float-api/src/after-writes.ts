import type { FloatClient } from './client-types.js';

/** Wraps a client and calls `then` after each write, failed ones included, because the change may have been made. */
export function afterWrites(client: FloatClient, then: () => void): FloatClient {
  async function writing<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } finally {
      then();
    }
  }
  return {
    ...client,
    create: (resource, body, options) => writing(client.create(resource, body, options)),
    update: (resource, id, changes, options) => writing(client.update(resource, id, changes, options)),
    delete: (resource, id, options) => writing(client.delete(resource, id, options)),
    act: (resource, action, body, options) => writing(client.act(resource, action, body, options)),
  };
}
