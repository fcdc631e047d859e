import type { EmailClass } from '../email/email-class.js';
import type { SendWindows } from './window.js';

/** The windows of a tenant and of an email. */
export interface WindowsOf {
  readonly class: EmailClass;
  readonly tenantWindows: SendWindows;
  readonly windows: SendWindows;
}

/**
 * The windows that bind an email: all have to be open. A one-time password is asked for by whoever waits for it, and is
 * worthless tomorrow: the tenant's office hours do not hold it, only windows of its own would (decision 14).
 */
export const bindingWindows = ({ class: emailClass, tenantWindows, windows }: WindowsOf): readonly SendWindows[] =>
  [emailClass === 'otp' ? [] : tenantWindows, windows].filter((some) => some.length > 0);
