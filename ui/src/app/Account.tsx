import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { Code, Keyboard, LogOut, Moon, Settings, Sun, SunMoon, UserRound } from "lucide-react";
import { Avatar, Menu, MenuItem, MenuLabel, MenuLine, Segments } from "../kit";
import { api, ok } from "../lib/api";
import { open } from "../lib/commands";
import { useMay, useSession } from "../lib/session";
import { setTheme, type Theme, useTheme } from "../lib/theme";

// Whoever uses Parley over a network may have its source (AGPL, section 13).
const source = "https://github.com/parley-crm/parley";

function useSignOut() {
  const cache = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () => ok(api.DELETE("/api/session")),
    onSuccess: async () => {
      cache.clear();
      await router.navigate({ to: "/signin" });
    },
  });
}

// Account is the member's own menu: theme, keys, sign out. As a list it stands in the phone's "More".
export function Account({ list, onGo }: { list?: boolean; onGo?: () => void }) {
  const member = useSession()?.member;
  const theme = useTheme();
  const out = useSignOut();
  const settings = useMay("listen.read") ? "/settings/channels" : "/settings/brand";
  const themes: { value: Theme; label: string }[] = [
    { value: "system", label: t`As the system` },
    { value: "light", label: t`Light` },
    { value: "dark", label: t`Dark` },
  ];
  const icons = {
    system: <SunMoon className="i" aria-hidden />,
    light: <Sun className="i" aria-hidden />,
    dark: <Moon className="i" aria-hidden />,
  };
  if (list)
    return (
      <>
        <div className="lab mt-3">{member?.name}</div>
        <div className="px-2 py-2">
          <Segments label={t`Theme`} parts={themes} value={theme} onChange={setTheme} />
        </div>
        <Link to={settings} className="it !min-h-12 text-lg" onClick={onGo}>
          <Settings className="i l" aria-hidden />
          <Trans>Settings</Trans>
        </Link>
        <a className="it !min-h-12 text-lg" href={source} target="_blank" rel="noreferrer">
          <Code className="i l" aria-hidden />
          <Trans>Source code</Trans>
        </a>
        <button type="button" className="it !min-h-12 text-lg" onClick={() => out.mutate()}>
          <LogOut className="i l" aria-hidden />
          <Trans>Sign out</Trans>
        </button>
      </>
    );
  return (
    <Menu
      side="inline-end"
      align="end"
      trigger={
        <button type="button" className="rounded-full" aria-label={t`Your account: ${member?.name ?? ""}`}>
          <Avatar name={member?.name ?? "?"} />
        </button>
      }
    >
      <div className="px-2 py-1.5">
        <div className="font-strong">{member?.name}</div>
        <div className="text-xs text-ink-3">{member?.email}</div>
      </div>
      <MenuLine />
      <MenuLabel>
        <Trans>Theme</Trans>
      </MenuLabel>
      {themes.map((o) => (
        <MenuItem
          key={o.value}
          icon={icons[o.value]}
          chosen={o.value === theme}
          onSelect={() => setTheme(o.value)}
        >
          {o.label}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<UserRound className="i" aria-hidden />} link={<Link to="/settings/profile" />}>
        <Trans>Profile</Trans>
      </MenuItem>
      <MenuItem icon={<Settings className="i" aria-hidden />} link={<Link to={settings} />}>
        <Trans>Settings</Trans>
      </MenuItem>
      <MenuItem icon={<Keyboard className="i" aria-hidden />} keys="?" onSelect={() => open("help")}>
        <Trans>Keys</Trans>
      </MenuItem>
      <MenuItem
        icon={<Code className="i" aria-hidden />}
        onSelect={() => window.open(source, "_blank", "noreferrer")}
      >
        <Trans>Source code</Trans>
      </MenuItem>
      <MenuItem icon={<LogOut className="i" aria-hidden />} onSelect={() => out.mutate()}>
        <Trans>Sign out</Trans>
      </MenuItem>
    </Menu>
  );
}
