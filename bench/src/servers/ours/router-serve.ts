import { serve } from 'mcp-express';
import { announce } from '../announce.js';
import { ourApp } from './app.js';

const { app, router } = await ourApp();
const { server } = await serve(app, { port: 0 });
await announce(server, () => void router.notify.toolsChanged());
