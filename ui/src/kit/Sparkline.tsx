interface Props {
  values: readonly number[];
  label: string; // the sentence it stands for
  width?: number;
  height?: number;
  alarm?: boolean;
}

// Sparkline is the course of a number, in the space of a word.
export function Sparkline({ values, label, width = 72, height = 20, alarm }: Props) {
  if (values.length < 2)
    return (
      <span className="text-ink-3" role="img" aria-label={label}>
        –
      </span>
    );
  const top = Math.max(...values, 1);
  const at = (v: number, i: number) =>
    [1 + (i * (width - 6)) / (values.length - 1), height - 3 - (v / top) * (height - 6)] as const;
  const points = values.map((v, i) =>
    at(v, i)
      .map((n) => n.toFixed(1))
      .join(" "),
  );
  const end = at(values[values.length - 1] ?? 0, values.length - 1);
  const colour = alarm ? "var(--color-alarm)" : "var(--color-cat-1)";
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      className="flex-none rtl:-scale-x-100"
    >
      <path d={`M${points.join("L")}`} fill="none" stroke={colour} strokeWidth="1.5" strokeLinejoin="round" />
      <circle cx={end[0]} cy={end[1]} r="2" fill={colour} />
    </svg>
  );
}

// Bars is the same in columns: a day by hours, with what is unusual in alarm.
export function Bars({
  values,
  label,
  hot,
  width = 92,
  height = 40,
}: {
  values: readonly number[];
  label: string;
  hot?: (i: number) => boolean;
  width?: number;
  height?: number;
}) {
  const top = Math.max(...values, 1);
  const step = width / Math.max(values.length, 1);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      className="flex-none rtl:-scale-x-100"
    >
      {values.map((v, i) => {
        const h = Math.max(1.5, (v / top) * height);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
            key={i}
            x={i * step}
            y={height - h}
            width={Math.max(1, step - 1.5)}
            height={h}
            rx="1"
            fill={hot?.(i) ? "var(--color-alarm)" : "var(--color-context)"}
          />
        );
      })}
    </svg>
  );
}
