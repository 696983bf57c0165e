import { z } from 'zod';
import { main } from './app.mjs';

// A shape is written by `zod/v4/core`, which is loaded late.
void main({ shape: { day: z.string().max(10) } });
