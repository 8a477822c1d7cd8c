import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, btn, Empty, States } from "../../kit";
import type { Pages } from "../../lib/pages";
import type { Mention, Monitor } from "./data";
import { Chosen } from "./Filters";
import { More } from "./More";
import { Post } from "./Post";
import type { MonitorSearch } from "./search";

interface Props {
  posts: Pages<Mention>;
  filter: Omit<MonitorSearch, "range">;
  monitor: Monitor;
  onFilter: (next: { [K in keyof MonitorSearch]?: MonitorSearch[K] | undefined }) => void;
}

// Found are the posts of a monitor, narrowed by what was chosen in the charts.
export function Found({ posts, filter, monitor, onFilter }: Props) {
  const go = useNavigate();
  const narrowed = Object.keys(filter).length > 0;
  const rows = posts.data?.length ?? 0;
  return (
    <section
      aria-label={t`Posts`}
      className="min-w-0 border-line max-lg:border-t lg:overflow-y-auto lg:border-s"
    >
      <div className="sticky top-0 z-(--z-sticky) flex min-h-10 flex-wrap items-center gap-1.5 border-b border-line bg-paper px-5 py-2">
        <Chosen of={filter} onChange={(next) => onFilter(next as Partial<MonitorSearch>)} />
        <span className="ms-auto text-xs text-ink-3">
          {posts.data &&
            (posts.hasMore ? (
              <Trans>{rows} so far, newest first</Trans>
            ) : (
              <Plural value={rows} one="# post, newest first" other="# posts, newest first" />
            ))}
        </span>
      </div>
      <States
        of={posts}
        pad
        empty={
          narrowed ? (
            <Empty
              title={<Trans>No post fits what you chose.</Trans>}
              acts={
                <Button
                  size="sm"
                  onClick={() =>
                    onFilter({
                      since: undefined,
                      until: undefined,
                      sentiment: undefined,
                      intent: undefined,
                      lang: undefined,
                    })
                  }
                >
                  <Trans>Show all posts</Trans>
                </Button>
              }
            >
              <Trans>The charts count all of it; the list holds only what fits.</Trans>
            </Empty>
          ) : (
            <Empty
              title={<Trans>It has found nothing yet.</Trans>}
              acts={
                <>
                  <Link to="/listen/monitors/$id/edit" params={{ id: monitor.id }} className={btn("o", "sm")}>
                    <Trans>Edit the query</Trans>
                  </Link>
                  <Link to="/listen" className={btn("g", "sm")}>
                    <Trans>Look at the wall</Trans>
                  </Link>
                </>
              }
            >
              <Trans>New posts are compared as they come, and appear here by themselves.</Trans>
            </Empty>
          )
        }
      >
        {(list) => (
          <>
            {list.map((p) => (
              <Post
                key={p.id}
                post={p}
                tight
                onOpen={(m) => void go({ to: "/listen", search: { m } })}
                onFeeling={(sentiment) => onFilter({ sentiment })}
              />
            ))}
            <More of={posts} />
          </>
        )}
      </States>
    </section>
  );
}
