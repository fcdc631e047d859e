import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { MailtideError } from '#client';

/**
 * The cache of what the API said. Calls are repeated by the client, so not here.
 * @param onUnauthorized the key is none any more
 */
export function createQueryClient(onUnauthorized: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof MailtideError && error.code === 'unauthorized') onUnauthorized();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    // 'always': a machine without internet still reaches itself.
    defaultOptions: {
      queries: { retry: false, staleTime: 1_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
