import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CloudOff } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { Problem, sentenceOf } from "../lib/problem";
import { AppLink } from "./AppLink";
import { Button } from "./Button";
import { Turn } from "./Turn";

// Empty says what will happen, and offers up to two steps.
export function Empty({
  title,
  children,
  acts,
}: {
  title: ReactNode;
  children?: ReactNode;
  acts?: ReactNode;
}) {
  return (
    <div className="none">
      <Turn of="settled" />
      <b className="mt-1.5 font-strong">{title}</b>
      {children && <span className="text-ink-2">{children}</span>}
      {acts && <div className="touch mt-2.5 flex flex-wrap gap-2">{acts}</div>}
    </div>
  );
}

// Skeleton is the shape of a list before it comes; it shows itself after 200 ms.
export function Skeleton({ rows = 5, avatar = true }: { rows?: number; avatar?: boolean }) {
  return (
    <div className="late flex flex-col gap-4 p-4" role="status" aria-label={t`Loading`}>
      {Array.from({ length: rows }, (_, i) => i).map((i) => (
        <div key={i} className="flex items-center gap-3">
          {avatar && <span className="sk !size-8 flex-none !rounded-full" />}
          <span className="flex-1">
            <span className="sk" style={{ width: `${22 + ((i * 17) % 30)}%` }} />
            <span className="sk mt-2" style={{ width: `${62 + ((i * 23) % 34)}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}

// Failed says what is wrong, what is safe, and gives one button.
export function Failed({
  error,
  onRetry,
  children,
}: {
  error: unknown;
  onRetry?: (() => void) | undefined;
  children?: ReactNode;
}) {
  const fix = error instanceof Problem ? error.fix : undefined;
  return (
    <div className="none hard" role="alert">
      <span className="flex items-center gap-1.5 font-strong text-alarm">
        <CloudOff className="i s" aria-hidden />
        {sentenceOf(error)}
      </span>
      {children && <span className="text-ink-2">{children}</span>}
      <div className="touch mt-2.5 flex gap-2">
        {fix && (
          <AppLink href={fix} className="btn p sm">
            <Trans>Mend it</Trans>
          </AppLink>
        )}
        {onRetry && (
          <Button size="sm" onClick={onRetry}>
            <Trans>Try now</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}

interface Loadable<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface Props<T> {
  of: Loadable<T>;
  empty?: ReactNode;
  none?: (data: T) => boolean; // when the data counts as empty; a list does when it has no items
  skeleton?: ReactNode;
  pad?: boolean; // keep a distance around the empty and failed states
  children: (data: T) => ReactNode;
}

const bare = (data: unknown) => Array.isArray(data) && data.length === 0;

// States draws one of four: loading, failed, empty, or what there is. Data that
// came before a failure stays on the screen.
export function States<T>({ of, empty, none = bare, skeleton = <Skeleton />, pad, children }: Props<T>) {
  const wrap = (node: ReactNode) => (pad ? <div className="p-4 sm:p-6">{node}</div> : node);
  if (of.data === undefined) {
    if (of.error) return wrap(<Failed error={of.error} onRetry={() => void of.refetch()} />);
    return skeleton;
  }
  if (empty !== undefined && none(of.data)) return wrap(empty);
  return <Fragment>{children(of.data)}</Fragment>;
}
