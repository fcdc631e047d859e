import { Center, Container, Loader } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { loadConfig, type PageConfig } from './api/config.js';
import { SessionProvider } from './api/session.js';
import { ProblemNotice } from './parts/problem-notice.js';
import { router } from './router.js';

/** The page, once it knows where it is. */
export function App() {
  const { config, error, again } = useConfig();
  if (config)
    return (
      <SessionProvider config={config}>
        <RouterProvider router={router} />
      </SessionProvider>
    );
  if (error !== undefined)
    return (
      <Container component="main" size="sm" py="xl">
        <ProblemNotice error={error} onTryAgain={again} />
      </Container>
    );
  return (
    <Center component="main" mih="60vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}

function useConfig() {
  const [config, setConfig] = useState<PageConfig>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    loadConfig().then(setConfig, setError);
  }, []);
  const again = () => {
    setError(undefined);
    loadConfig().then(setConfig, setError);
  };
  return { config, error, again };
}
