import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link, type LinkProps, useLocation } from "@tanstack/react-router";
import { PanelLeft, PanelRight, Search } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { open } from "../lib/commands";
import { count } from "../lib/format";
import { medium, narrow, useMedia } from "../lib/media";
import { Button } from "./Button";
import { Sheet } from "./Dialog";
import { Kbd } from "./Kbd";

interface Props {
  title: ReactNode; // the name in the bar, the page's h1
  name: string; // the same in plain words, for the browser's tab
  beside?: ReactNode; // chips after the title
  acts?: ReactNode; // at the end of the bar; one primary at most
  shelf?: ReactNode; // <Shelf>: the things of this room
  shelfName?: string;
  aside?: ReactNode; // <Aside>: about what is chosen
  asideName?: string;
  bar?: boolean; // false: the screen draws its own bars
  children: ReactNode;
}

// Page is the frame of a screen: shelf, stage with its bar, aside. Below 1200 the
// aside becomes a sheet, below 900 the shelf does; buttons in the bar open them.
export function Page({
  title,
  name,
  beside,
  acts,
  shelf,
  shelfName,
  aside,
  asideName,
  bar = true,
  children,
}: Props) {
  const noShelf = useMedia(narrow);
  const noAside = useMedia(medium);
  const [opened, setOpened] = useState<"shelf" | "aside">();
  const { href } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address closes the sheet
  useEffect(() => setOpened(undefined), [href]);
  useEffect(() => {
    document.title = `${name} · Parley`;
  }, [name]);
  return (
    <div className="room" data-shelf={shelf ? "" : undefined} data-aside={aside ? "" : undefined}>
      {shelf && !noShelf && (
        <nav className="shelf" aria-label={shelfName ?? name}>
          {shelf}
        </nav>
      )}
      <main className="stage" id="stage" tabIndex={-1}>
        {bar && (
          <header className="bar">
            {shelf && noShelf && (
              <Button
                look="g"
                square
                touch
                className="-ms-2"
                aria-label={shelfName ?? t`Views`}
                onClick={() => setOpened("shelf")}
              >
                <PanelLeft className="i rtl:-scale-x-100" aria-hidden />
              </Button>
            )}
            <h1 className="truncate">{title}</h1>
            {beside}
            <span className="ms-auto flex flex-none items-center gap-2">
              {acts}
              {aside && noAside && (
                <Button
                  look="g"
                  square
                  touch
                  aria-label={asideName ?? t`Details`}
                  onClick={() => setOpened("aside")}
                >
                  <PanelRight className="i rtl:-scale-x-100" aria-hidden />
                </Button>
              )}
            </span>
          </header>
        )}
        {children}
      </main>
      {aside && !noAside && (
        <aside className="aside" aria-label={asideName ?? t`Details`}>
          {aside}
        </aside>
      )}
      {shelf && noShelf && (
        <Sheet
          start
          open={opened === "shelf"}
          onOpenChange={(o) => setOpened(o ? "shelf" : undefined)}
          title={shelfName ?? name}
        >
          <nav className="shelf border-0" aria-label={shelfName ?? name}>
            {shelf}
          </nav>
        </Sheet>
      )}
      {aside && noAside && (
        <Sheet
          open={opened === "aside"}
          onOpenChange={(o) => setOpened(o ? "aside" : undefined)}
          title={asideName ?? t`Details`}
        >
          <div className="aside border-0">{aside}</div>
        </Sheet>
      )}
    </div>
  );
}

// PageBody is the scrolling middle of a screen with the usual distances.
export function PageBody({
  children,
  wide,
  className = "",
}: {
  children: ReactNode;
  wide?: boolean;
  className?: string;
}) {
  return (
    <div className="scroll">
      <div className={`px-4 py-5 sm:px-6 ${wide ? "max-w-[86rem] lg:px-14" : ""} ${className}`}>
        {children}
      </div>
    </div>
  );
}

// Shelf lists the things of a room. It is drawn inside Page's shelf.
export function Shelf({
  title,
  children,
  foot,
}: {
  title: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}) {
  return (
    <>
      <div className="h1">{title}</div>
      {children}
      {foot && <div className="mt-auto pt-4">{foot}</div>}
    </>
  );
}

export function ShelfHead({ children }: { children: ReactNode }) {
  return <h2>{children}</h2>;
}

interface GoProps extends Omit<LinkProps, "children"> {
  icon?: ReactNode;
  n?: number | undefined;
  tone?: "alarm" | "wait" | undefined;
  exact?: boolean;
  children: ReactNode;
}

export function ShelfLink({ icon, n, tone, exact, children, ...to }: GoProps) {
  return (
    <Link
      {...to}
      className="go"
      activeOptions={{ exact: exact ?? true, includeSearch: true }}
      activeProps={{ "aria-current": "page" }}
    >
      {icon}
      <span className="truncate">{children}</span>
      {n !== undefined && n > 0 && <span className={`q ${tone ?? ""}`}>{count(n)}</span>}
    </Link>
  );
}

// Aside is about what is chosen; its parts are sections with a small title.
export function Aside({ children }: { children: ReactNode }) {
  return <>{children}</>;
}

export function AsidePart({
  title,
  end,
  children,
}: {
  title?: ReactNode;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section>
      {title && (
        <h3>
          <span>{title}</span>
          {end && <span className="ms-auto">{end}</span>}
        </h3>
      )}
      {children}
    </section>
  );
}

// FindBox opens the palette; it looks like a field, because that is what opens.
export function FindBox() {
  return (
    <button type="button" className="input find max-w-67 max-sm:!hidden" onClick={() => open("palette")}>
      <Search className="i s" aria-hidden />
      <span className="flex-1 truncate text-start">
        <Trans>Search or do anything</Trans>
      </span>
      <Kbd k="mod+k" />
    </button>
  );
}
