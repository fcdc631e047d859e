import { inWhole } from './numbers.js';
import classes from './segmented-bar.module.css';

export interface Segment {
  /** Also names its colour: `--state-<name>`. */
  readonly name: string;
  readonly count: number;
}

interface SegmentedBarProps {
  readonly label: string;
  /** How much is over, 0 to 100. */
  readonly percent: number;
  /** The same in words. */
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly size?: 'sm' | 'lg';
}

/** Progress, and what it is made of. The colours say nothing that does not stand beside them as text. */
export function SegmentedBar({ label, percent, text, segments, size = 'lg' }: SegmentedBarProps) {
  return (
    <div
      className={classes['bar']}
      data-size={size}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={text}
    >
      {segments
        .filter(({ count }) => count > 0)
        .map(({ name, count }) => (
          <div
            key={name}
            className={classes['segment']}
            style={{ flexGrow: count, backgroundColor: colorOf(name) }}
            title={`${inWhole(count)} ${name.replaceAll('_', ' ')}`}
          />
        ))}
    </div>
  );
}

export const colorOf = (name: string): string => `var(--state-${name}, var(--state-unknown))`;
