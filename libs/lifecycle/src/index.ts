/** How long-lived things begin and end. */
export { Loop, type LoopOptions } from './loop.js';
export { Presence, type PresenceOptions } from './presence.js';
export { type AppContext, runApp, type RunningApp } from './run-app.js';
