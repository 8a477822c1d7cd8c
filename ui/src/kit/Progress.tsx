// Progress is how much of something is done.
export function Progress({ share, label }: { share: number; label: string }) {
  const percent = Math.floor(100 * Math.min(1, share));
  return (
    <div className="flex min-w-0 flex-1 items-center gap-3">
      <progress className="min-w-0 flex-1" max={100} value={percent} aria-label={label} />
      <span className="tabular-nums text-ink-2">{percent} %</span>
    </div>
  );
}
