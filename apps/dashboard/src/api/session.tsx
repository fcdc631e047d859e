import { QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { Mailtide } from '#client';
import { KeyPage } from '../pages/key-page.js';
import type { PageConfig } from './config.js';
import { createQueryClient } from './query-client.js';

/** Who looks at the page, and how it speaks with Mailtide. */
export interface Session {
  readonly mail: Mailtide;
  readonly config: PageConfig;
  /** Forgets the key; undefined: none is needed. */
  readonly signOut: (() => void) | undefined;
}

const SessionContext = createContext<Session | undefined>(undefined);
/** The key lives as long as the tab: neither the disk nor another tab sees it. */
const STORED = 'mailtide.key';

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider around it');
  return session;
}

interface SessionProviderProps {
  readonly config: PageConfig;
  readonly children: ReactNode;
}

/** Gives the pages below a client; where keys are needed, asks for one first. */
export function SessionProvider({ config, children }: SessionProviderProps) {
  const needsKey = config.authMode === 'keys';
  const [key, setKey] = useState(() => (needsKey ? sessionStorage.getItem(STORED) : null));
  const [isRefused, setIsRefused] = useState(false);
  const { session, queries } = useMemo(() => {
    const forget = (refused: boolean) => {
      sessionStorage.removeItem(STORED);
      setIsRefused(refused);
      setKey(null);
    };
    return {
      session: { mail: clientOf(config, key), config, signOut: needsKey ? () => forget(false) : undefined },
      queries: createQueryClient(() => needsKey && forget(true)),
    };
  }, [config, key, needsKey]);
  const enter = (entered: string) => {
    sessionStorage.setItem(STORED, entered);
    setKey(entered);
  };
  if (needsKey && key === null)
    return <KeyPage isRefused={isRefused} check={(text) => clientOf(config, text).me()} onEnter={enter} />;
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </SessionContext>
  );
}

const clientOf = ({ gatewayUrl }: PageConfig, key: string | null): Mailtide =>
  new Mailtide({ key: key ?? undefined, url: location.origin, gatewayUrl, tickets: true, tries: 2, timeoutMs: 15_000 });
