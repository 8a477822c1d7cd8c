import { Trans } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { Button } from "../../kit";
import type { Pages } from "../../lib/pages";

// More fetches the next page when it comes into sight; the button is for those who
// come by key, or where the browser cannot tell.
export function More<T>({ of }: { of: Pages<T> }) {
  const end = useRef<HTMLDivElement>(null);
  const more = useRef(of.more);
  more.current = of.more;
  const { hasMore } = of;
  useEffect(() => {
    const el = end.current;
    if (!el || !hasMore || typeof IntersectionObserver === "undefined") return;
    const eye = new IntersectionObserver((e) => e.some((x) => x.isIntersecting) && more.current(), {
      rootMargin: "400px",
    });
    eye.observe(el);
    return () => eye.disconnect();
  }, [hasMore]);
  return (
    <div ref={end} className="px-5 py-4 text-ink-3">
      {of.hasMore ? (
        <Button size="sm" touch busy={of.loadingMore} onClick={of.more}>
          <Trans>Show more</Trans>
        </Button>
      ) : (
        <Trans>That is all.</Trans>
      )}
    </div>
  );
}
