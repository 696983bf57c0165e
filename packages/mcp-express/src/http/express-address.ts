import type { Request } from 'express';

/**
 * The address of a caller: Express's `request.ip`, which respects `trust proxy`, or the address of the connection if no
 * framework has set `ip`.
 */
export function addressOf({ ip, socket }: Request): string | undefined {
  return ip ?? (socket as Request['socket'] | undefined)?.remoteAddress;
}
