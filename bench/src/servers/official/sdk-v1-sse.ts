import { announce } from '../announce.js';
import { sdkV1App } from './sdk-v1-app.js';

await announce(sdkV1App(false).listen(0, '127.0.0.1'));
