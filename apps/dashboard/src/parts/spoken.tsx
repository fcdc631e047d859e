import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

/** Who listens must be able to hear a sentence to its end. */
const EVERY_MS = 5_000;

/** Tells screen readers what changes, at most every few seconds, and always what it is in the end. */
export function Spoken({ text }: { readonly text: string }) {
  const [spoken, setSpoken] = useState('');
  const last = useRef(-Infinity);
  useEffect(() => {
    const waitMs = Math.max(0, last.current + EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSpoken(text);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <VisuallyHidden role="status" aria-live="polite" aria-atomic="true">
      {spoken}
    </VisuallyHidden>
  );
}
