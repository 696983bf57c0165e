interface Payload {
  grantId?: string;
  uid?: string;
  consumed?: number;
}

/** Where an authorization server keeps what it issues: a map of its own, gone with the test. */
export function memoryAdapter(): (model: string) => object {
  const kept = new Map<string, Payload>();
  return (model) => {
    const key = (id: string): string => `${model}:${id}`;
    const own = (): [string, Payload][] => [...kept].filter(([name]) => name.startsWith(`${model}:`));
    return {
      upsert: async (id: string, payload: Payload) => void kept.set(key(id), payload),
      find: async (id: string) => kept.get(key(id)),
      findByUid: async (uid: string) => own().find(([, payload]) => payload.uid === uid)?.[1],
      consume: async (id: string) => {
        const payload = kept.get(key(id));
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id: string) => void kept.delete(key(id)),
      revokeByGrantId: async (grantId: string) => {
        for (const [name, payload] of own()) if (payload.grantId === grantId) kept.delete(name);
      },
    };
  };
}
