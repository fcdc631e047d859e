/** Milliseconds since 1970 with fractions; the processes of one machine agree on it. */
export const wallMs = (): number => performance.timeOrigin + performance.now();
