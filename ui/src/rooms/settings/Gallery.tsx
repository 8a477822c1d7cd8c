import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { ChannelMark, Chip, Empty, Field, Input } from "../../kit";
import { type Kind, useChannels } from "./data";
import { drafted } from "./draft";
import { siteGroups, siteName, siteOf } from "./words";

const route = getRouteApi("/frame/settings/channels/new");

// Gallery shows every network there is, by the kind of site, and finds one by any of its words.
export function Gallery({ kinds }: { kinds: readonly Kind[] }) {
  const { q = "" } = route.useSearch();
  const go = useNavigate();
  const had = new Map<string, number>();
  const channels = useChannels().data ?? [];
  for (const c of channels) had.set(c.kind, (had.get(c.kind) ?? 0) + 1);
  const words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = kinds.filter((k) => {
    const text = [k.title, k.about, k.name, siteName(siteOf(k.site))].join(" ").toLocaleLowerCase();
    return words.every((w) => text.includes(w));
  });
  return (
    <div className="flex max-w-6xl flex-col gap-6">
      <div className="flex max-w-2xl flex-col gap-3">
        <p className="text-[15px] text-ink-2">
          <Trans>Where do people speak about you, or with you? Choose one; you can add others later.</Trans>
        </p>
        <Field label={<Trans>Find a network</Trans>} hidden>
          <div className="relative">
            <Search
              className="i pointer-events-none absolute start-2.5 top-1/2 -translate-y-1/2 text-ink-3"
              aria-hidden
            />
            <Input
              type="search"
              className="w-full !ps-9"
              placeholder={t`Find: video, reviews, mail …`}
              value={q}
              autoComplete="off"
              onChange={(e) =>
                void go({
                  to: "/settings/channels/new",
                  search: e.target.value ? { q: e.target.value } : {},
                  replace: true,
                })
              }
            />
          </div>
        </Field>
        <p role="status" className="sr-only">
          {words.length > 0 && t`${found.length} found`}
        </p>
      </div>
      {found.length === 0 && (
        <Empty title={<Trans>No network of that name is here.</Trans>}>
          <Trans>
            What is missing can still come in: through a feed, an incoming webhook, or a file of history.
          </Trans>
        </Empty>
      )}
      {siteGroups.map((g) => {
        const rows = found.filter((k) => siteOf(k.site) === g);
        if (rows.length === 0) return null;
        return (
          <section
            key={g}
            aria-labelledby={`site-${g}`}
            className="grid grid-cols-1 gap-x-6 gap-y-2.5 border-t border-line pt-4 lg:grid-cols-[9rem_minmax(0,1fr)]"
          >
            <h2 id={`site-${g}`} className="text-[14px] leading-5 font-strong lg:pt-3.5">
              {siteName(g)}
            </h2>
            <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
              {rows.map((k) => (
                <Card key={k.name} kind={k} had={had.get(k.name) ?? 0} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Card({ kind: k, had }: { kind: Kind; had: number }) {
  return (
    <li className="flex">
      <Link
        to="/settings/channels/new"
        search={{ kind: k.name }}
        className="flex w-full gap-3 rounded-lg border border-line bg-paper p-3.5 hover:border-ink-3 hover:bg-hover"
      >
        <ChannelMark kind={k.name} name="" large />
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <b className="font-strong">{k.title}</b>
            {had > 0 && <Chip tone="good">{t`${had} connected`}</Chip>}
            {drafted(k.name) && <Chip tone="wait">{t`begun`}</Chip>}
          </span>
          <span className="mt-0.5 line-clamp-3 block text-ink-2">{k.about}</span>
        </span>
      </Link>
    </li>
  );
}
