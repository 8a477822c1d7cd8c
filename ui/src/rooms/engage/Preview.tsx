import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Eye, EyeOff, Scissors } from "lucide-react";
import { Avatar, Button } from "../../kit";
import { api, ok } from "../../lib/api";
import { count } from "../../lib/format";
import { linked } from "../../lib/highlight";
import type { TalkFull, Visibility } from "./data";

const look = (
  id: string,
  body: { text: string; visibility: Visibility; via?: string },
  signal?: AbortSignal,
) =>
  ok(
    api.POST("/api/conversations/{id}/preview", {
      params: { path: { id } },
      body,
      ...(signal ? { signal } : {}),
    }),
  );
export type Look = Awaited<ReturnType<typeof look>> & { of: string };

// useLook asks how words would stand on the network, counted its own way. Until it is known
// of these words, it says so of those before; of no words, that they fit.
export function useLook(
  id: string,
  via: string | undefined,
  visibility: Visibility,
  text: string,
  on: boolean,
) {
  return useQuery({
    queryKey: ["look", id, via, visibility, text],
    queryFn: async ({ signal }) => {
      const got = await look(id, { text, visibility, ...(via ? { via } : {}) }, signal);
      return { ...got, room: { ...got.room, fits: got.room.fits || text.trim() === "" }, of: text };
    },
    enabled: on,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

// LookButton opens and closes the preview.
export function LookButton({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const name = open ? t`Hide how it will look` : t`How it will look`;
  return (
    <Button
      look="g"
      square
      touch
      aria-label={name}
      title={name}
      aria-expanded={open}
      onClick={() => onOpen(!open)}
    >
      {open ? <EyeOff className="i" aria-hidden /> : <Eye className="i" aria-hidden />}
    </Button>
  );
}

// Parting offers to send an answer that is too long as several, where the network takes that.
export function Parting({
  look,
  network,
  parted,
  onParted,
}: {
  look: Look;
  network: string;
  parted: boolean;
  onParted: (parted: boolean) => void;
}) {
  const parts = look.parts?.length ?? 0;
  if (look.room.fits || parts < 2) return null;
  const over = count(Math.max(0, -look.room.left));
  return (
    <div
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-wait-wash px-3.5 py-1.5 text-xs text-wait"
      role="status"
    >
      <Scissors className="i s" aria-hidden />
      <span className="min-w-0 flex-1">
        {parted ? (
          look.onto ? (
            <Trans>
              Goes out as {parts} posts, each an answer to the one before. If one fails, none follows it.
            </Trans>
          ) : (
            <Trans>Goes out as {parts} messages, one after the other. If one fails, none follows it.</Trans>
          )
        ) : (
          <Trans>
            Too long for {network} by {over}.
          </Trans>
        )}
      </span>
      <Button size="sm" touch onClick={() => onParted(!parted)}>
        {parted ? <Trans>As one again</Trans> : <Trans>Send in {parts} parts</Trans>}
      </Button>
    </div>
  );
}

const marks = /(\*\*|__)\S[^\n]*?\1|(^|\n)#{1,6} |\[[^\]\n]+\]\([^)\n]+\)|`[^`\n]+`/;

// Preview is the answer as it will stand on its network.
export function Preview({
  look,
  talk: c,
  house,
  parted,
}: {
  look: Look;
  talk: TalkFull;
  house: string | undefined;
  parted: boolean;
}) {
  const network = c.channel.name;
  const whole = look.of.trim();
  const shown = parted && !look.room.fits ? (look.parts ?? []) : (look.parts ?? []).slice(0, 1);
  const link = look.link ?? 0;
  const name = house ?? t`We`;
  return (
    <section className="border-t border-line bg-wash px-3.5 py-3" aria-label={t`How it will look`}>
      <p className="mb-2 flex flex-wrap items-baseline gap-x-2 text-xs text-ink-2">
        <span className="font-strong text-ink">
          <Trans>On {network}</Trans>
        </span>
        {link > 0 && /https?:\/\//.test(whole) && (
          <span>
            <Trans>each link counts as {link}</Trans>
          </span>
        )}
        {marks.test(whole) && (
          <span className="text-wait">
            <Trans>marks such as ** stay as they are written</Trans>
          </span>
        )}
      </p>
      {whole === "" ? (
        <p className="text-ink-3">
          <Trans>Write something, and it stands here as it will there.</Trans>
        </p>
      ) : (
        <ol
          className="flex max-h-36 flex-col gap-2.5 overflow-y-auto sm:max-h-72"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          tabIndex={0}
          aria-label={t`How it will look, part by part`}
        >
          {shown.map((p, i) => {
            const n = i + 1;
            const of = shown.length;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place
              <li key={i} className="flex gap-2.5">
                <Avatar name={name} channel={c.channel} size="sm" />
                <div className="min-w-0 flex-1 rounded-md border border-line bg-paper px-3 py-2">
                  <p className="flex flex-wrap items-baseline gap-x-2">
                    <span className="font-strong">{name}</span>
                    {of > 1 && (
                      <span className="text-xs text-ink-3">
                        <Trans>
                          {n} of {of}
                        </Trans>
                      </span>
                    )}
                  </p>
                  {look.title && <p className="font-medium wrap-anywhere">{look.title}</p>}
                  <p className="words wrap-anywhere whitespace-pre-wrap" dir="auto">
                    {p.before && <span className="text-voice">{p.before}</span>}
                    {linked(look.room.fits || of > 1 ? p.text : whole)}
                  </p>
                  {p.pieces ? <Pieces {...p} pieces={p.pieces} /> : null}
                </div>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

function Pieces({ pieces, per, wide }: { pieces: number; per?: number; wide?: string }) {
  return (
    <p className="mt-1 text-xs text-ink-3">
      <Plural value={pieces} one="# text message" other="# text messages, joined on the telephone" />
      {wide && (
        <>
          {" · "}
          <Trans>
            “{wide}” makes each hold {per ?? 0} signs only
          </Trans>
        </>
      )}
    </p>
  );
}
