import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import {
  Archive,
  BrainCircuit,
  CalendarClock,
  Columns3,
  Drama,
  FileDown,
  Gauge,
  KeyRound,
  ListPlus,
  Plug,
  ShieldCheck,
  Smile,
  Tag,
  Tags as TagsIcon,
  Timer,
  UserRound,
  Users,
  UsersRound,
  Webhook,
  Workflow,
  Zap,
} from "lucide-react";
import type { ReactNode } from "react";
import { Empty, Page, PageBody, Shelf, ShelfHead, ShelfLink } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useMay } from "../../lib/session";

const icon = { className: "i", "aria-hidden": true } as const;

function SettingsShelf() {
  const listens = useMay("listen.read");
  const connects = useMay("channel.write");
  const governs = useMay("govern.read");
  const works = useMay("inbox.work");
  const tokens = useMay("token.write");
  const hooks = useMay("hook.write");
  const exports = useMay("data.export");
  const system = useMay("system.read");
  const reads = useMay("people.read");
  const trains = useMay("model.train");
  const go = useNavigate();
  useCommands(t`Settings`, [
    { id: "s-profile", label: t`Your profile`, run: () => void go({ to: "/settings/profile" }) },
    ...(listens
      ? [{ id: "s-channels", label: t`Channels`, run: () => void go({ to: "/settings/channels" }) }]
      : []),
    ...(governs
      ? [{ id: "s-members", label: t`Members`, run: () => void go({ to: "/settings/members" }) }]
      : []),
  ]);
  return (
    <Shelf title={<Trans>Settings</Trans>}>
      {(listens || connects) && (
        <ShelfHead>
          <Trans>Networks</Trans>
        </ShelfHead>
      )}
      {listens && (
        <ShelfLink to="/settings/channels" icon={<Plug {...icon} />}>
          <Trans>Channels</Trans>
        </ShelfLink>
      )}
      {connects && (
        <ShelfLink to="/settings/history" icon={<Archive {...icon} />}>
          <Trans>History</Trans>
        </ShelfLink>
      )}
      {listens && (
        <ShelfLink to="/settings/practice" icon={<Drama {...icon} />}>
          <Trans>Practice network</Trans>
        </ShelfLink>
      )}
      <ShelfHead>
        <Trans>Company</Trans>
      </ShelfHead>
      <ShelfLink to="/settings/brand" icon={<Tag {...icon} />}>
        <Trans>Brand</Trans>
      </ShelfLink>
      {governs && (
        <ShelfLink to="/settings/members" icon={<UsersRound {...icon} />}>
          <Trans>Members</Trans>
        </ShelfLink>
      )}
      {governs && (
        <ShelfLink to="/settings/teams" icon={<Users {...icon} />}>
          <Trans>Teams</Trans>
        </ShelfLink>
      )}
      <ShelfLink to="/settings/hours" icon={<CalendarClock {...icon} />}>
        <Trans>Business hours</Trans>
      </ShelfLink>
      {reads && (
        <ShelfLink to="/settings/fields" icon={<ListPlus {...icon} />}>
          <Trans>Fields</Trans>
        </ShelfLink>
      )}
      {reads && (
        <ShelfLink to="/settings/pipelines" icon={<Columns3 {...icon} />}>
          <Trans>Pipelines</Trans>
        </ShelfLink>
      )}
      <ShelfHead>
        <Trans>Inbox</Trans>
      </ShelfHead>
      <ShelfLink to="/settings/tags" icon={<TagsIcon {...icon} />}>
        <Trans>Tags</Trans>
      </ShelfLink>
      {works && (
        <ShelfLink to="/settings/macros" icon={<Zap {...icon} />}>
          <Trans>Macros</Trans>
        </ShelfLink>
      )}
      <ShelfLink to="/settings/rules" icon={<Workflow {...icon} />}>
        <Trans>Rules</Trans>
      </ShelfLink>
      <ShelfLink to="/settings/pledges" icon={<Timer {...icon} />}>
        <Trans>Pledges</Trans>
      </ShelfLink>
      <ShelfLink to="/settings/satisfaction" icon={<Smile {...icon} />}>
        <Trans>Satisfaction</Trans>
      </ShelfLink>
      {(reads || tokens || hooks || exports) && (
        <ShelfHead>
          <Trans>Data</Trans>
        </ShelfHead>
      )}
      {reads && (
        <ShelfLink to="/settings/privacy" icon={<ShieldCheck {...icon} />}>
          <Trans>Privacy</Trans>
        </ShelfLink>
      )}
      {exports && (
        <ShelfLink to="/settings/exports" icon={<FileDown {...icon} />}>
          <Trans>Export</Trans>
        </ShelfLink>
      )}
      {hooks && (
        <ShelfLink to="/settings/webhooks" icon={<Webhook {...icon} />}>
          <Trans>Webhooks</Trans>
        </ShelfLink>
      )}
      {tokens && (
        <ShelfLink to="/settings/tokens" icon={<KeyRound {...icon} />}>
          <Trans>API tokens</Trans>
        </ShelfLink>
      )}
      {(trains || system) && (
        <ShelfHead>
          <Trans>Parley</Trans>
        </ShelfHead>
      )}
      {trains && (
        <ShelfLink to="/settings/models" icon={<BrainCircuit {...icon} />}>
          <Trans>Models</Trans>
        </ShelfLink>
      )}
      {system && (
        <ShelfLink to="/settings/system" icon={<Gauge {...icon} />}>
          <Trans>System</Trans>
        </ShelfLink>
      )}
      <ShelfHead>
        <Trans>Yours</Trans>
      </ShelfHead>
      <ShelfLink to="/settings/profile" icon={<UserRound {...icon} />}>
        <Trans>Profile</Trans>
      </ShelfLink>
    </Shelf>
  );
}

// Frame is a page of the settings. may false says who can help instead of showing it.
export function Frame({
  name,
  acts,
  beside,
  may = true,
  children,
}: {
  name: string;
  acts?: ReactNode;
  beside?: ReactNode;
  may?: boolean;
  children: ReactNode;
}) {
  return (
    <Page
      name={name}
      title={name}
      beside={beside}
      acts={may ? acts : undefined}
      shelf={<SettingsShelf />}
      shelfName={t`Settings`}
    >
      <PageBody>
        {may ? (
          children
        ) : (
          <Empty title={<Trans>This is not yours to see.</Trans>}>
            <Trans>Your role does not reach here. An administrator can show you, or change your role.</Trans>
          </Empty>
        )}
      </PageBody>
    </Page>
  );
}
