import { t } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessageCircle, Settings, SunMoon, User, X } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Button, Dialog, DialogClose, Kbd, Palette } from "../kit";
import { api, ok } from "../lib/api";
import { type Command, open, useAllCommands, useCommands, useOpened } from "../lib/commands";
import { useKeys } from "../lib/keys";
import { useMay } from "../lib/session";
import { setTheme, useTheme } from "../lib/theme";
import { rooms } from "./rooms";

// useFound asks the server for people and conversations by the words typed.
function useFound(words: string): Command[] {
  const go = useNavigate();
  const q = useDeferredValue(words.trim());
  const people = useQuery({
    queryKey: ["people", "find", q],
    enabled: useMay("people.read") && q.length > 1,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => ok(api.GET("/api/people", { params: { query: { q, limit: 5 } }, signal })),
  });
  const talks = useQuery({
    queryKey: ["conversations", "find", q],
    enabled: useMay("inbox.read") && q.length > 1,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ok(api.GET("/api/conversations", { params: { query: { q, view: "all", limit: 5 } }, signal })),
  });
  if (q.length < 2) return [];
  return [
    ...(people.data?.items ?? []).map(
      (p): Command => ({
        id: `p${p.id}`,
        label: p.name,
        end: t`person`,
        icon: <User className="i" aria-hidden />,
        found: true,
        run: () => void go({ to: "/people/$id", params: { id: p.id } }),
      }),
    ),
    ...(talks.data?.items ?? []).map(
      (c): Command => ({
        id: `c${c.id}`,
        label: `${c.author.name}: ${c.subject || c.preview}`,
        end: t`conversation`,
        icon: <MessageCircle className="i" aria-hidden />,
        found: true,
        run: () => void go({ to: "/engage", search: { view: "all", c: c.id } }),
      }),
    ),
  ];
}

// Commands is the palette, the help, and the keys that work everywhere.
export function Commands() {
  const { i18n } = useLingui();
  const go = useNavigate();
  const theme = useTheme();
  const opened = useOpened();
  const [words, setWords] = useState("");
  const groups = useAllCommands();
  const found = useFound(words);
  const listens = useMay("listen.read");
  const places = rooms.map((r): Command => {
    const Icon = r.icon;
    return {
      id: r.to,
      label: i18n._(r.name),
      icon: <Icon className="i" aria-hidden />,
      run: () => void go({ to: r.to }),
    };
  });
  useCommands(t`Everywhere`, [
    {
      id: "theme",
      label: theme === "dark" ? t`Light theme` : t`Dark theme`,
      icon: <SunMoon className="i" aria-hidden />,
      run: () => setTheme(theme === "dark" ? "light" : "dark"),
    },
    { id: "help", label: t`Keys and help`, keys: "?", run: () => open("help") },
  ]);
  places.push({
    id: "settings",
    label: t`Settings`,
    icon: <Settings className="i" aria-hidden />,
    run: () => void go({ to: listens ? "/settings/channels" : "/settings/brand" }),
  });
  useKeys({ "mod+k": () => open("palette") });
  return (
    <>
      <Palette
        open={opened === "palette"}
        onOpenChange={(o) => {
          open(o ? "palette" : undefined);
          setWords("");
        }}
        words={words}
        onWords={setWords}
        groups={[{ label: t`Found`, items: found }, ...groups, { label: t`Go to`, items: places }]}
      />
      <Dialog
        open={opened === "help"}
        onOpenChange={(o) => open(o ? "help" : undefined)}
        title={<Trans>Keys</Trans>}
        text={<Trans>They work whenever you are not writing.</Trans>}
        wide
      >
        <DialogClose
          render={
            <Button look="g" square className="!absolute end-3 top-3" aria-label={t`Close`}>
              <X className="i" aria-hidden />
            </Button>
          }
        />
        <div className="gap-8 sm:columns-2">
          {[
            { label: t`Find`, items: [{ id: "k", label: t`Search or do anything`, keys: "mod+k" }] },
            ...groups,
          ].map((g) => {
            const keyed = g.items.filter((c) => c.keys);
            return (
              keyed.length > 0 && (
                <section key={g.label} className="mb-4 break-inside-avoid">
                  <h3 className="pb-1 text-xs font-medium text-ink-3">{g.label}</h3>
                  {keyed.map((c) => (
                    <div key={c.id} className="flex items-center gap-3 border-b border-line py-1.5">
                      <span className="flex-1">{c.label}</span>
                      <Kbd k={c.keys ?? ""} />
                    </div>
                  ))}
                </section>
              )
            );
          })}
        </div>
      </Dialog>
    </>
  );
}
