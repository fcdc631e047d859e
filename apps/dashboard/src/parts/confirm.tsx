import { Button, Group, Modal, Text } from '@mantine/core';

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly text: string;
  /** What the button that does it says. */
  readonly yes: string;
  readonly no: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone; the harmless answer has the focus. */
export function Confirm({ isOpen, title, text, yes, no, onYes, onClose }: ConfirmProps) {
  const confirm = () => {
    onClose();
    onYes();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <Text>{text}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {no}
        </Button>
        <Button color="red" onClick={confirm}>
          {yes}
        </Button>
      </Group>
    </Modal>
  );
}
