import { Anchor, AppShell, Box, Burger, Button, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useSession } from './api/session.js';
import { DevBanner } from './parts/dev-banner.js';
import { Logo } from './parts/logo.js';

/** What there is to go to: a page that is built gets its line here. */
const PAGES = [{ to: '/jobs', name: 'Jobs' }] as const;

/** One measure for all pages: lines of wider ones are hard to follow. */
const WIDEST = 1_200;

/** What is around every page. */
export function Shell() {
  const { config, signOut } = useSession();
  const { pathname } = useLocation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const main = useFocusOnNewPage(pathname);
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      padding={{ base: 'sm', sm: 'lg' }}
      header={{ height: 56 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
    >
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header px="md">
        <Group h="100%" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" aria-expanded={isOpen} />
          <Anchor component={Link} to="/jobs" underline="never" c="inherit" aria-label="Mailtide, to the jobs">
            <Logo />
          </Anchor>
          {signOut && (
            <Button variant="default" size="xs" ml="auto" onClick={signOut}>
              Forget the key
            </Button>
          )}
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Pages">
        <AppShell.Section grow>
          {PAGES.map(({ to, name }) => {
            const isHere = pathname.startsWith(to);
            return (
              <NavLink
                key={to}
                component={Link}
                to={to}
                label={name}
                active={isHere}
                aria-current={isHere ? 'page' : undefined}
                variant="light"
                style={{ borderRadius: 'var(--mantine-radius-md)' }}
              />
            );
          })}
        </AppShell.Section>
        <AppShell.Section px="sm" py="xs">
          <Text size="xs" c="dimmed">
            Mailtide {config.version}
          </Text>
          <Anchor href="/docs" size="xs">
            API description
          </Anchor>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} ref={main}>
        <Box maw={WIDEST}>
          {config.authMode === 'dev' && <DevBanner />}
          <Outlet />
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}

/** Who cannot see that another page has come must be brought to it. */
function useFocusOnNewPage(pathname: string) {
  const main = useRef<HTMLElement>(null);
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current !== pathname) main.current?.focus({ preventScroll: true });
    last.current = pathname;
  }, [pathname]);
  return main;
}
