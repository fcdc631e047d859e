/** How long-lived things begin and end. */
export { Duties, type DutiesOptions } from './duties.js';
export { Loop, type LoopOptions } from './loop.js';
export { Presence, type PresenceOptions } from './presence.js';
export { type AppContext, runApp, type RunningApp } from './run-app.js';
export { Stillness } from './stillness.js';
