import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { CircleAlert, Copy } from "lucide-react";
import { useState } from "react";
import { Button, ChannelMark, Field, Input, Skeleton, Step, Textarea } from "../../kit";
import { api, ok } from "../../lib/api";
import { useSession } from "../../lib/session";
import { copy } from "../../rooms/settings/Once";
import { NewPassword, Spent } from "./ByLink";
import { Entry, EntryForm, fieldOf } from "./Entry";
import { useLink, useTake } from "./link";

const route = getRouteApi("/welcome/$token");

// Welcome is the first quarter of an hour: an administrator, a name, and ears.
export function Welcome() {
  const { token } = route.useParams();
  const session = useSession();
  const link = useLink(token);
  const [made, setMade] = useState(false);
  const take = useTake(token, () => setMade(true));
  const [here, setHere] = useState(false);
  if (!here && (made || (session?.signed_in && !session.brand?.name))) setHere(true);
  if (here) return <Brand />;
  if (link.error) return <Spent error={link.error} onRetry={() => void link.refetch()} />;
  if (!link.data) return <Skeleton rows={4} />;
  return (
    <Entry
      name={t`Welcome`}
      title={<Trans>Let us begin.</Trans>}
      text={
        <Trans>
          You are the first here, so you look after the house: you invite the others and connect the networks.
        </Trans>
      }
    >
      <EntryForm
        act={<Trans>Create my account</Trans>}
        busy={take.isPending}
        error={take.error}
        onSend={(v) => take.mutate(v)}
      >
        <Field label={<Trans>Your name</Trans>} error={fieldOf(take.error, "name")}>
          <Input name="name" autoComplete="name" required autoFocus />
        </Field>
        <Field
          label={<Trans>Email</Trans>}
          help={<Trans>You sign in with it. Nothing is sent.</Trans>}
          error={fieldOf(take.error, "email")}
        >
          <Input name="email" type="email" autoComplete="username" required />
        </Field>
        <NewPassword error={fieldOf(take.error, "password")} />
      </EntryForm>
    </Entry>
  );
}

const parts = (text: string | undefined) =>
  (text ?? "")
    .split(/[\n,]+/)
    .map((s) => s.trim())
    .filter(Boolean);

interface Named {
  brand: string;
  terms?: string[];
  feeds?: string[];
  practice?: boolean;
}

function Brand() {
  const cache = useQueryClient();
  const begin = useMutation({
    mutationFn: (body: Named) => ok(api.POST("/api/welcome", { body })),
    meta: { quiet: true },
    onSuccess: () => cache.invalidateQueries({ queryKey: ["session"] }),
  });
  const [begun, setBegun] = useState<Result & { named: Named }>();
  const start = (named: Named) => begin.mutate(named, { onSuccess: (r) => setBegun({ ...r, named }) });
  const send = (v: Record<string, string>) => {
    const terms = parts(v.terms);
    const feeds = parts(v.feeds);
    start({ brand: v.brand ?? "", ...(terms.length ? { terms } : {}), ...(feeds.length ? { feeds } : {}) });
  };
  if (begun)
    return (
      <Begun
        {...begun}
        brand={begun.named.brand}
        busy={begin.isPending}
        onPractise={() => start({ ...begun.named, practice: true })}
      />
    );
  return (
    <Entry
      name={t`Your brand`}
      title={<Trans>Whom do people talk about?</Trans>}
      text={
        <Trans>
          We listen for this name at once, in the open: on Bluesky’s public stream and in the feeds you name.
          No account is needed.
        </Trans>
      }
    >
      <EntryForm
        act={<Trans>Start listening</Trans>}
        busy={begin.isPending}
        error={begin.error}
        onSend={send}
      >
        <Field label={<Trans>Name of the brand</Trans>} error={fieldOf(begin.error, "brand")}>
          <Input name="brand" required autoFocus autoComplete="organization" />
        </Field>
        <Field
          label={<Trans>Other words for it</Trans>}
          help={
            <Trans>Products, nicknames, usual misspellings; commas between. You can change this later.</Trans>
          }
          error={fieldOf(begin.error, "terms")}
        >
          <Input name="terms" />
        </Field>
        <Field
          label={<Trans>Feeds to read</Trans>}
          help={<Trans>One address on each line: blogs, news, reviews, forums.</Trans>}
          error={fieldOf(begin.error, "feeds")}
        >
          <Textarea name="feeds" rows={2} />
        </Field>
      </EntryForm>
    </Entry>
  );
}

interface Result {
  channels: { id: string; kind: string; name: string; health: { state: string; text: string } }[];
  problems: string[];
}

interface BegunProps extends Result {
  brand: string;
  onPractise: () => void;
  busy: boolean;
}

// Begun says what listens now, and what to do where nothing can be heard.
function Begun({ brand, channels, problems, onPractise, busy }: BegunProps) {
  const heard = channels.some((c) => c.health.state === "ok" && c.kind !== "practice");
  const practice = channels.some((c) => c.kind === "practice");
  return (
    <Entry
      name={t`Listening`}
      title={
        heard ? (
          <Trans>We are listening.</Trans>
        ) : practice ? (
          <Trans>Practise first.</Trans>
        ) : (
          <Trans>Almost there.</Trans>
        )
      }
      text={
        heard ? (
          <Trans>
            What people say appears by itself. To answer in your name you will connect an account; there is
            time.
          </Trans>
        ) : practice ? (
          <Trans>
            A small network of made-up people is connected. They speak about {brand}, you answer, and nobody
            outside sees it.
          </Trans>
        ) : (
          <Trans>
            Nothing can be heard from here yet; Parley keeps trying. Meanwhile you can practise on a small
            network of made-up people.
          </Trans>
        )
      }
    >
      <ul className="flex flex-col gap-2.5">
        {channels.map((c) => {
          const ok = c.health.state === "ok";
          return (
            <Step
              key={c.id}
              state={ok ? "done" : "now"}
              end={ok ? <Trans>connected</Trans> : <Trans>keeps trying</Trans>}
            >
              <span className="inline-flex items-center gap-2">
                <ChannelMark kind={c.kind} inline />
                {c.name}
              </span>
            </Step>
          );
        })}
      </ul>
      {problems.map((p) => (
        <p key={p} className="mt-3 flex gap-2 rounded-sm bg-wait-wash px-3 py-2 text-wait">
          <CircleAlert className="i mt-0.5" aria-hidden />
          <span className="min-w-0 wrap-anywhere">{p}</span>
        </p>
      ))}
      {!heard && (
        <section className="mt-5" aria-label={t`The example company`}>
          <p className="text-ink-2">
            <Trans>
              To see Parley at work, start the example company: a maker of kettles, ninety days, one recall.
              It runs beside this one and shares nothing with it. Where you ran <code>make run</code>, enter:
            </Trans>
          </p>
          <div className="mt-2 flex items-center gap-2">
            <code className="mono min-w-0 grow rounded-sm bg-sunken px-3 py-2 wrap-anywhere">make demo</code>
            <Button onClick={() => copy("make demo")} aria-label={t`Copy the command`}>
              <Copy className="i s" aria-hidden />
              <Trans>Copy</Trans>
            </Button>
          </div>
        </section>
      )}
      <div className="touch mt-6 flex flex-wrap gap-2">
        <Link to="/" className="btn p lg">
          <Trans>Go to today</Trans>
        </Link>
        {!practice && (
          <Button size="lg" busy={busy} onClick={onPractise}>
            <Trans>Practise first</Trans>
          </Button>
        )}
      </div>
    </Entry>
  );
}
