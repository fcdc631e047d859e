import { useEffect } from 'react';

/** What stands on the tab. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Mailtide`;
  }, [title]);
}
