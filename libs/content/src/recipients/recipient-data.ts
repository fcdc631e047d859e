import type { TemplateData } from '../liquid/compile-content.js';

/**
 * What a template may show of one of an audience: its data and, where those do not say otherwise, its address as `email` and
 * its name as `name`.
 */
export const recipientData = (address: string, name: string | null, data: TemplateData | null): TemplateData => ({
  email: address,
  ...(name !== null && { name }),
  ...data,
});
