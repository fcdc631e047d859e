import type { Campaign, Mailtide, NewCampaign, Uploaded } from '#client';
import { LeftDraft } from './left-draft.js';
import { openRecipients, type RecipientsFile } from './recipients-file.js';

interface Wish {
  readonly file: NewCampaign;
  /** A path. */
  readonly recipients: string;
}

/**
 * Makes a draft, uploads its recipients, and starts it unless it is to stay one. A draft whose file is refused is deleted.
 * Throws LeftDraft when one is left.
 */
export async function createWithFile(
  mail: Mailtide,
  { file, recipients }: Wish,
  onUploaded: (uploaded: Uploaded) => void,
): Promise<Campaign> {
  const list = await openRecipients(recipients);
  const { id } = await mail.campaigns.create({ ...file, draft: true });
  onUploaded(await uploadOrDelete(mail, id, list));
  try {
    return await (file.draft ? mail.campaigns.get(id) : mail.campaigns.start(id));
  } catch (error) {
    throw new LeftDraft(id, error);
  }
}

async function uploadOrDelete(mail: Mailtide, id: string, { body, contentType }: RecipientsFile): Promise<Uploaded> {
  try {
    return await mail.campaigns.uploadRecipients(id, body, { contentType });
  } catch (error) {
    const isDeleted = await mail.campaigns.delete(id).then(
      () => true,
      () => false, // why the upload failed is what counts
    );
    throw isDeleted ? error : new LeftDraft(id, error);
  }
}
