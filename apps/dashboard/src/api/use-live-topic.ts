import { useEffect, useEffectEvent, useState } from 'react';
import type { Mailtide, Update } from '#client';
import { useSession } from './session.js';

/** `away`: there is no live connection, so whoever wants to know has to ask. */
export type Connection = 'connecting' | 'live' | 'away';

const AGAIN_MS = 3_000;

/** Listens to a topic for as long as the component is shown and it is wanted, through any number of breaks. */
export function useLiveTopic(topic: string, isWanted: boolean, onUpdate: (update: Update) => void): Connection {
  const { mail } = useSession();
  const [said, setSaid] = useState<{ readonly topic: string; readonly connection: Connection }>();
  const tell = useEffectEvent(onUpdate);
  useEffect(() => {
    if (!isWanted) return;
    const ending = new AbortController();
    const say = (isConnected: boolean) => {
      if (!ending.signal.aborted) setSaid({ topic, connection: isConnected ? 'live' : 'away' });
    };
    void listenOn(mail, topic, ending.signal, say, (update) => tell(update));
    return () => ending.abort();
  }, [mail, topic, isWanted]);
  return said?.topic === topic ? said.connection : 'connecting';
}

/** The client gives up where nothing has ever worked; a page that stays open does not. */
async function listenOn(
  mail: Mailtide,
  topic: string,
  signal: AbortSignal,
  onConnection: (isConnected: boolean) => void,
  tell: (update: Update) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const update of mail.listen(topic, { signal, onConnection })) tell(update);
    } catch {
      onConnection(false); // asking works meanwhile, and says what is wrong
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
