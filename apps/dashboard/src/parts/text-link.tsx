import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type PlainLinkProps = AnchorProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps> & { readonly ref?: Ref<HTMLAnchorElement> };

const PlainLink = (props: PlainLinkProps) => <Anchor {...props} />;

/** A link to one of our pages that looks like a link; the router knows whether there is such a page. */
export const TextLink = createLink(PlainLink);
