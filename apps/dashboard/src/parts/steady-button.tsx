import { Button, type ButtonProps } from '@mantine/core';
import type { MouseEvent } from 'react';

interface SteadyButtonProps extends ButtonProps {
  readonly children: string;
  /** Why it cannot be pressed now; undefined: it can. */
  readonly blocked: string | undefined;
  readonly onPress: () => void;
}

/** A button that keeps the focus while it cannot be pressed: who works by keyboard stays where they are. */
export function SteadyButton({ children, blocked, onPress, ...props }: SteadyButtonProps) {
  const isBlocked = blocked !== undefined;
  const press = (event: MouseEvent) => {
    event.preventDefault();
    if (!isBlocked) onPress();
  };
  return (
    <Button
      {...props}
      onClick={press}
      aria-disabled={isBlocked}
      {...(isBlocked && { 'data-disabled': true })}
      title={blocked}
    >
      {children}
    </Button>
  );
}
