import { serve } from 'mcp-express';
import { announce } from './announce.js';
import { ourApp } from './our-app.js';

const { server } = await serve(ourApp(), { port: 0 });
await announce(server);
