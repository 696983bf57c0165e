import { announce } from '../announce.js';
import { ourApp } from './app.js';

const { app, router } = await ourApp();
await announce(app.listen(0, '127.0.0.1'), () => void router.notify.toolsChanged());
