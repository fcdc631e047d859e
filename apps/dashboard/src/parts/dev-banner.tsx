import { Text } from '@mantine/core';
import classes from './dev-banner.module.css';

/** Without keys everybody on this machine is let in: that must not be a surprise. */
export function DevBanner() {
  return (
    <Text component="p" role="note" size="sm" className={classes['banner']}>
      <strong>Development:</strong> this machine needs no key, and test mail stays in the sandbox.
    </Text>
  );
}
