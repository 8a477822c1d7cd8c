import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Copy, ExternalLink, Hourglass } from "lucide-react";
import { Button, btn, Field, Input, Section, Textarea, Time } from "../../kit";
import type { ChannelFull } from "./data";
import { copy } from "./Once";

// Finish is what is left to do after connecting: take our address to the network, and hear the first words.
export function Finish({ c, fresh }: { c: ChannelFull; fresh: boolean }) {
  const heard = c.health.last_heard_at;
  return (
    <>
      {fresh && (
        <div
          role="status"
          className="flex items-start gap-3 rounded-lg border border-line bg-wash px-4 py-3 text-[15px]"
        >
          {heard ? (
            <CircleCheck className="i mt-0.5 text-good" aria-hidden />
          ) : (
            <Hourglass className="i mt-0.5 text-wait" aria-hidden />
          )}
          <div className="min-w-0 flex-1">
            <b className="block font-strong">
              {heard ? (
                <Trans>The first words have come.</Trans>
              ) : (
                <Trans>Connected. Waiting for the first words …</Trans>
              )}
            </b>
            {heard ? (
              <span className="text-ink-2">
                <Trans>
                  Heard <Time at={heard} />. From now on they come by themselves.
                </Trans>
              </span>
            ) : (
              <span className="text-ink-2">
                {c.hook || c.door ? (
                  <Trans>
                    Use the address below, then let somebody say something. This page notices by itself.
                  </Trans>
                ) : (
                  <Trans>This page notices by itself. You can go on meanwhile.</Trans>
                )}
              </span>
            )}
          </div>
          {heard && (
            <Link to="/listen" search={{ channel: c.id }} className={btn("o", "sm", "touch")}>
              <Trans>See them</Trans>
            </Link>
          )}
        </div>
      )}
      {c.hook && <Address label={t`Our address for it`} path={c.hook} />}
      {c.door && <Door c={c} door={c.door} />}
    </>
  );
}

const whole = (path: string) => (path.startsWith("/") ? location.origin + path : path);

function Address({ label, path }: { label: string; path: string }) {
  return (
    <Section title={label}>
      <div className="pt-3">
        <Copyable
          label={t`Webhook address`}
          value={whole(path)}
          help={
            path.startsWith("/")
              ? t`Only this computer can reach it: Parley was started without a public address (--url).`
              : t`Enter it at the network, where it asks for a webhook or callback address.`
          }
        />
      </div>
    </Section>
  );
}

function Door({ c, door }: { c: ChannelFull; door: string }) {
  const at = whole(door);
  const chat = c.kind === "chat" || c.abilities?.includes("chat");
  const snippet = chat
    ? `<script src="${at}/chat.js" async></script>`
    : `<iframe src="${at}/" title="${c.name.replaceAll('"', "&quot;")}" style="width:100%;height:44rem;border:0"></iframe>`;
  return (
    <Section title={chat ? t`On your site` : t`Its page`}>
      <div className="flex flex-col gap-4 pt-3">
        <Copyable
          label={chat ? t`Try it here` : t`Address to link to`}
          value={`${at}/`}
          help={
            door.startsWith("/")
              ? t`Only this computer can reach it: Parley was started without a public address (--url).`
              : undefined
          }
          open
        />
        <Copyable
          label={chat ? t`Put this before </body> of every page` : t`Or put it into a page of yours`}
          value={snippet}
          help={t`It works only on the sites that the settings name.`}
          lines
        />
      </div>
    </Section>
  );
}

export function Copyable({
  label,
  value,
  help,
  lines,
  open,
}: {
  label: string;
  value: string;
  help?: string | undefined;
  lines?: boolean;
  open?: boolean;
}) {
  return (
    <Field label={label} help={help}>
      <div className="flex items-start gap-2">
        {lines ? (
          <Textarea readOnly value={value} className="mono flex-1" rows={2} />
        ) : (
          <Input
            readOnly
            value={value}
            className="mono min-w-0 flex-1"
            onFocus={(e) => e.currentTarget.select()}
          />
        )}
        <Button touch onClick={() => copy(value)} aria-label={t`Copy: ${label}`}>
          <Copy className="i s" aria-hidden />
          <span className="max-sm:sr-only">
            <Trans>Copy</Trans>
          </span>
        </Button>
        {open && (
          <a
            href={value}
            target="_blank"
            rel="noopener noreferrer"
            className={btn("g", "md", "touch")}
            aria-label={t`Open: ${label}`}
          >
            <ExternalLink className="i s" aria-hidden />
          </a>
        )}
      </div>
    </Field>
  );
}
