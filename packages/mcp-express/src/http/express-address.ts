import type { Request } from 'express';

/**
 * The address of a caller, as Express takes it from proxies it trusts. Where there is no Express and nothing else has set
 * `ip`, that of the connection.
 */
export function addressOf({ ip, socket }: Request): string | undefined {
  return ip ?? (socket as Request['socket'] | undefined)?.remoteAddress;
}
