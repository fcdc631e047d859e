import type { Database } from '#storage';
import type { DefaultFrom } from '../settings/default-from.js';
import { CreateCampaign } from './create-campaign.js';
import { EditCampaign } from './edit-campaign.js';
import { UploadRecipients } from './upload-recipients.js';

export interface CampaignsParts {
  /** With pinned plans: what is full now was empty when it was analysed. */
  readonly pinned: Database;
  readonly defaultFrom: DefaultFrom;
  /** Tells whoever makes copies and looks after jobs that there is something to do. */
  readonly wake: () => void;
}

/** Everything that can be done with campaigns: the same use cases behind `/v1` and behind the alias. */
export class Campaigns {
  readonly create: CreateCampaign;
  readonly edit: EditCampaign;
  readonly upload: UploadRecipients;
  readonly wake: () => void;

  constructor({ pinned, defaultFrom, wake }: CampaignsParts) {
    this.create = new CreateCampaign(defaultFrom);
    this.edit = new EditCampaign(defaultFrom);
    this.upload = new UploadRecipients(pinned);
    this.wake = wake;
  }
}
