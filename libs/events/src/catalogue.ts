import type { EventDefinition } from './define-event.js';
import { deliveryRequestedV1 } from './email-delivery/delivery-requested.v1.js';
import { emailCancelledV1 } from './email-scheduling/email-cancelled.v1.js';
import { emailCreatedV1 } from './email-scheduling/email-created.v1.js';
import { emailPausedV1 } from './email-scheduling/email-paused.v1.js';
import { emailResumedV1 } from './email-scheduling/email-resumed.v1.js';
import { emailUpdatedV1 } from './email-scheduling/email-updated.v1.js';
import { deadLetterAddedV1 } from './email-status/dead-letter-added.v1.js';
import { deliveryCancelledV1 } from './email-status/delivery-cancelled.v1.js';
import { deliveryExpiredV1 } from './email-status/delivery-expired.v1.js';
import { deliveryFailedV1 } from './email-status/delivery-failed.v1.js';
import { deliveryRetryingV1 } from './email-status/delivery-retrying.v1.js';
import { deliveryScheduledV1 } from './email-status/delivery-scheduled.v1.js';
import { deliverySentV1 } from './email-status/delivery-sent.v1.js';
import { deliverySuppressedV1 } from './email-status/delivery-suppressed.v1.js';
import { deliveryUnknownV1 } from './email-status/delivery-unknown.v1.js';
import { jobCompletedV1 } from './job-progress/job-completed.v1.js';
import { jobProgressV1 } from './job-progress/job-progress.v1.js';

/** Every event that Mailtide writes: the documentation and the drift checks are made from this list. */
export const EVENTS: readonly EventDefinition[] = [
  deliveryRequestedV1.transactional,
  deliveryRequestedV1.bulk,
  emailCreatedV1,
  emailUpdatedV1,
  emailPausedV1,
  emailResumedV1,
  emailCancelledV1,
  deliveryScheduledV1,
  deliveryRetryingV1,
  deliverySentV1,
  deliveryFailedV1,
  deliveryUnknownV1,
  deliveryCancelledV1,
  deliveryExpiredV1,
  deliverySuppressedV1,
  deadLetterAddedV1,
  jobProgressV1,
  jobCompletedV1,
];
