import { parentPort, workerData } from 'node:worker_threads';
import type { ServerSettings } from './messages.ts';
import { serveState } from './server.ts';

/* v8 ignore start -- runs in a thread of its own, where coverage does not see it; serveState has its tests */
if (parentPort !== null) serveState(parentPort, workerData as ServerSettings);
/* v8 ignore stop */
