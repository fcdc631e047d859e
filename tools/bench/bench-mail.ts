const LINE = 'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do.\n';

/** The same mail for everyone who is measured: one recipient, 1 KB of plain text. */
export const FROM = 'sender@bench.example';
export const TEXT = `${LINE.repeat(15)}Kind regards, the bench.\n`;
export const recipient = (i: number): string => `user${i}@bench.example`;
export const subject = (i: number): string => `Message ${i}`;
