import type { ContentSource } from '#content';
import { invalid, Problem } from '#http';
import { type CampaignRef, type CampaignRow, findLacking, type Queryable, readNeeds } from '#storage';
import { checkContent } from './content-errors.js';

/** The new content of a campaign, and what it needs of every recipient. */
export interface NewContent extends ContentSource {
  readonly needs: readonly string[];
}

/**
 * Recipients were checked for what the content needed when they came: what a new content needs beside, each must have, or their
 * copies would fail one by one. The campaign is held. Throws `state_conflict` and `validation_failed`.
 */
export async function requireNeeds(
  tx: Queryable,
  campaign: CampaignRef,
  row: CampaignRow,
  { needs, ...source }: NewContent,
): Promise<void> {
  if (needs.length === 0) return;
  const { names, isUploading } = await readNeeds(tx, campaign);
  const added = needs.filter((path) => !names.includes(path));
  if (added.length === 0) return;
  if (isUploading) {
    const detail = `An upload is under way, and its recipients are not checked for ${added.join(', ')}. Change the content when it has ended.`;
    throw new Problem('state_conflict', detail, { current: { status: row.status, at: row.updated_at.toISOString() } });
  }
  const path = await findLacking(tx, campaign, added);
  if (path === undefined) return;
  const detail = `there is no ${path} in the data of a recipient; write {{ ${path} | default: "..." }}, or upload the recipients to a new campaign`;
  throw invalid(partsWith(path, source).map((part) => ({ pointer: `/${part}`, code: 'missing_variable', detail })));
}

/** The parts of a content that need a variable. */
function partsWith(path: string, { subject, text, html }: ContentSource): (keyof ContentSource)[] {
  const alone = {
    subject: { subject, text: null, html: null },
    text: { subject: '', text, html: null },
    html: { subject: '', text: null, html },
  } as const;
  return (['subject', 'text', 'html'] as const).filter((part) => {
    const content = checkContent('liquid', alone[part]);
    return content.kind === 'content' && content.needs.includes(path);
  });
}
