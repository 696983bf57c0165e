import { announce } from '../announce.js';
import { sdkV2App } from './sdk-v2-app.js';

await announce(sdkV2App(true).listen(0, '127.0.0.1'));
