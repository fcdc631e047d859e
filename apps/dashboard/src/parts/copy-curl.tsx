import { Button, Code, Menu, Modal } from '@mantine/core';
import { useState } from 'react';
import { curlOf, type ShownCall } from '../api/curl.js';
import { useSession } from '../api/session.js';

interface CopyCurlProps {
  /** By what they are called in the menu; one alone needs no menu. */
  readonly calls: Readonly<Record<string, ShownCall>>;
}

const SAID_MS = 2_000;

/** Copies calls of the API for a terminal. */
export function CopyCurl({ calls }: CopyCurlProps) {
  const { copy, isCopied, shown, close } = useCopy();
  const entries = Object.entries(calls);
  const [only] = entries;
  const label = isCopied ? 'Copied' : 'Copy as curl';
  return (
    <>
      {only && entries.length === 1 ? (
        <Button variant="default" size="xs" onClick={() => copy(only[1])}>
          {label}
        </Button>
      ) : (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant="default" size="xs" rightSection={<span aria-hidden>▾</span>}>
              {label}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {entries.map(([name, call]) => (
              <Menu.Item key={name} onClick={() => copy(call)}>
                {name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Modal
        opened={shown !== undefined}
        onClose={close}
        title="Copy this"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Code block>{shown}</Code>
      </Modal>
    </>
  );
}

/** Browsers copy on secure origins only; elsewhere the text is shown to be copied by hand. */
function useCopy() {
  const { config } = useSession();
  const [isCopied, setIsCopied] = useState(false);
  const [shown, setShown] = useState<string>();
  const copied = () => {
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), SAID_MS);
  };
  const copy = (call: ShownCall) => {
    const text = curlOf(call, location.origin, config.authMode === 'keys');
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (!clipboard) return setShown(text);
    clipboard.writeText(text).then(copied, () => setShown(text));
  };
  return { copy, isCopied, shown, close: () => setShown(undefined) };
}
