import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link, type LinkOptions, useLocation } from "@tanstack/react-router";
import { PanelLeft, PanelRight, Search } from "lucide-react";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
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
  wide?: boolean; // the distances of a page that is read: the bar follows
  dense?: boolean; // narrower shelf and aside, for three panes of work
  children: ReactNode;
}

interface Sheets {
  shelf?: () => void; // opens the shelf, where it is a sheet
  aside?: () => void;
  shelfName: string;
  asideName: string;
}

const SheetsContext = createContext<Sheets>({ shelfName: "", asideName: "" });

// useAside opens the aside, where it is a sheet; elsewhere it stands open already.
export function useAside(): (() => void) | undefined {
  return useContext(SheetsContext).aside;
}

// ShelfButton and AsideButton stand in a bar that a screen draws itself; they are
// there only while the shelf or the aside is a sheet.
export function ShelfButton() {
  const { shelf, shelfName } = useContext(SheetsContext);
  return shelf ? (
    <Button look="g" square touch className="-ms-2" aria-label={shelfName} title={shelfName} onClick={shelf}>
      <PanelLeft className="i rtl:-scale-x-100" aria-hidden />
    </Button>
  ) : null;
}

export function AsideButton() {
  const { aside, asideName } = useContext(SheetsContext);
  return aside ? (
    <Button look="g" square touch aria-label={asideName} title={asideName} onClick={aside}>
      <PanelRight className="i rtl:-scale-x-100" aria-hidden />
    </Button>
  ) : null;
}

// Page is the frame of a screen: shelf, stage with its bar, aside. Below 1200 the
// aside becomes a sheet, below 900 the shelf does; buttons in the bar open them.
export function Page(p: Props) {
  const { shelf, aside, name } = p;
  const shelfSheet = useMedia(narrow) && Boolean(shelf);
  const asideSheet = useMedia(medium) && Boolean(aside);
  const [opened, setOpened] = useState<"shelf" | "aside">();
  const { href } = useLocation();
  const shelfName = p.shelfName ?? name;
  const asideName = p.asideName ?? t`Details`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address closes the sheet
  useEffect(() => setOpened(undefined), [href]);
  useEffect(() => {
    document.title = `${name} · Parley`;
  }, [name]);
  const sheets: Sheets = {
    shelfName,
    asideName,
    ...(shelfSheet ? { shelf: () => setOpened("shelf") } : {}),
    ...(asideSheet ? { aside: () => setOpened("aside") } : {}),
  };
  return (
    <SheetsContext value={sheets}>
      <div
        className="room"
        data-dense={p.dense ? "" : undefined}
        data-shelf={shelf ? "" : undefined}
        data-aside={aside ? "" : undefined}
      >
        {shelf && !shelfSheet && (
          <nav className="shelf" aria-label={shelfName}>
            {shelf}
          </nav>
        )}
        <main className="stage" id="stage" tabIndex={-1}>
          {(p.bar ?? true) && (
            <header className={p.wide ? "bar lg:!px-14" : "bar"}>
              <ShelfButton />
              <h1 className="truncate">{p.title}</h1>
              {p.beside}
              <span className="ms-auto flex flex-none items-center gap-2">
                {p.acts}
                <AsideButton />
              </span>
            </header>
          )}
          {p.children}
        </main>
        {aside && !asideSheet && (
          <aside className="aside" aria-label={asideName}>
            {aside}
          </aside>
        )}
        {shelfSheet && (
          <Sheet
            start
            open={opened === "shelf"}
            onOpenChange={(o) => setOpened(o ? "shelf" : undefined)}
            title={shelfName}
          >
            <nav className="shelf border-0" aria-label={shelfName}>
              {shelf}
            </nav>
          </Sheet>
        )}
        {asideSheet && (
          <Sheet
            open={opened === "aside"}
            onOpenChange={(o) => setOpened(o ? "aside" : undefined)}
            title={asideName}
          >
            <div className="aside border-0">{aside}</div>
          </Sheet>
        )}
      </div>
    </SheetsContext>
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

interface GoProps extends LinkOptions {
  icon?: ReactNode;
  n?: number | undefined;
  q?: string | undefined; // a count in words, such as 99+
  tone?: "alarm" | "wait" | undefined;
  here?: boolean; // says itself whether it is the current one, where the address alone does not
  children: ReactNode;
}

export function ShelfLink({ icon, n, q, tone, here, children, ...to }: GoProps) {
  const mark =
    here === undefined
      ? {
          activeOptions: { exact: true, includeSearch: true },
          activeProps: { "aria-current": "page" as const },
        }
      : {
          activeOptions: { exact: true, includeSearch: true }, // or the link would call itself current
          "aria-current": here ? ("page" as const) : undefined,
        };
  return (
    <Link {...to} className="go" {...mark}>
      {icon}
      <span className="truncate">{children}</span>
      {q && <span className={`q ${tone ?? ""}`}>{q}</span>}
      {n !== undefined && n > 0 && <span className={`q ${tone ?? ""}`}>{count(n)}</span>}
    </Link>
  );
}

// AsidePart is one section of what is said beside, with a small title.
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
        <h2 className="part-h">
          <span>{title}</span>
          {end && <span className="ms-auto">{end}</span>}
        </h2>
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
