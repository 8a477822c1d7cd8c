import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Drama, Megaphone, MessageCircle } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  Avatar,
  Button,
  btn,
  Empty,
  Field,
  Section,
  Select,
  States,
  Switch,
  Table,
  Textarea,
  tell,
} from "../../kit";
import { count, language } from "../../lib/format";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { useChannels, useCrisis, usePractice, useSaying } from "./data";
import { Frame } from "./Frame";

type Site = "microblog" | "forum" | "reviews" | "messages";

// Practice lets people of the simulated network speak, so that one can learn to answer.
export function Practice() {
  const channels = useChannels();
  const may = useMay("channel.write");
  return (
    <Frame name={t`Practice network`} may={useMay("listen.read")}>
      <States
        of={channels}
        none={(all) => !all.some((c) => c.kind === "practice")}
        empty={
          <Empty
            title={<Trans>The practice network is not connected.</Trans>}
            acts={
              may && (
                <Link to="/settings/channels/new" search={{ kind: "practice" }} className={btn("p", "sm")}>
                  <Trans>Connect it</Trans>
                </Link>
              )
            }
          >
            <Trans>
              It is a network with people in it who are not real: nobody outside hears what you say.
            </Trans>
          </Empty>
        }
      >
        {() => <Stage />}
      </States>
    </Frame>
  );
}

function Stage() {
  const practice = usePractice();
  return (
    <States of={practice}>
      {(p) => (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-9">
            <Say personas={p.personas ?? []} sites={(p.sites ?? []) as Site[]} />
            <Scene />
          </div>
          <People personas={p.personas ?? []} posts={p.posts} />
        </div>
      )}
    </States>
  );
}

interface Persona {
  handle: string;
  name: string;
  lang: string;
  mood: string;
  place?: string;
  followers: number;
}

function Say({ personas, sites }: { personas: readonly Persona[]; sites: readonly Site[] }) {
  const say = useSaying();
  const may = useMay("inbox.work");
  const [persona, setPersona] = useState("");
  const [site, setSite] = useState("");
  const [text, setText] = useState("");
  const [direct, setDirect] = useState(false);
  const speak = (body: Parameters<typeof say.mutate>[0]) =>
    say.mutate(body, {
      onSuccess: () => {
        setText("");
        tell({ text: t`Somebody spoke. It is on the wall, and in the inbox if it is meant for us.` });
      },
    });
  const send = (e: FormEvent) => {
    e.preventDefault();
    speak({
      ...(persona ? { persona } : {}),
      ...(site ? { site: site as Site } : {}),
      ...(text.trim() ? { text: text.trim() } : {}),
      ...(direct ? { direct } : {}),
    });
  };
  const names: Record<string, string> = {
    microblog: t`Microblog`,
    forum: t`Forum`,
    reviews: t`Reviews`,
    messages: t`Messages`,
  };
  return (
    <Section title={<Trans>Let somebody speak</Trans>}>
      <form className="touch flex max-w-xl flex-col gap-4 pt-3" onSubmit={send}>
        <Field label={<Trans>Who</Trans>}>
          <Select
            value={persona}
            onChange={setPersona}
            choices={[
              { value: "", label: t`Anybody` },
              ...personas.map((p) => ({
                value: p.handle,
                label: p.name,
                help: `${language(p.lang)}, ${p.mood}`,
              })),
            ]}
          />
        </Field>
        {sites.length > 1 && (
          <Field label={<Trans>Where</Trans>}>
            <Select
              value={site}
              onChange={setSite}
              choices={[
                { value: "", label: t`Where we are` },
                ...sites.map((s) => ({ value: s as string, label: names[s] ?? s })),
              ]}
            />
          </Field>
        )}
        <Field
          label={<Trans>What</Trans>}
          help={<Trans>Leave it empty, and they say something of their own.</Trans>}
        >
          <Textarea name="text" value={text} onChange={(e) => setText(e.target.value)} maxLength={5000} />
        </Field>
        <Switch
          label={<Trans>Only to us, as a direct message</Trans>}
          checked={direct}
          onChange={setDirect}
        />
        {say.error && (
          <p role="alert" className="help bad">
            {sentenceOf(say.error)}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button
            type="submit"
            look="p"
            busy={say.isPending}
            {...(may ? {} : { why: t`Your role reads only.` })}
            onClick={() => {}}
          >
            <MessageCircle className="i s" aria-hidden />
            <Trans>Let them speak</Trans>
          </Button>
          <Link to="/listen" className={btn("g")}>
            <Trans>Look at the wall</Trans>
          </Link>
        </div>
      </form>
    </Section>
  );
}

// Scene lets a crisis happen, to practise what one does then.
function Scene() {
  const crisis = useCrisis();
  const may = useMay("inbox.work");
  return (
    <Section title={<Trans>Play a crisis</Trans>}>
      <p className="max-w-xl py-3 text-ink-2">
        <Trans>
          Two dozen people are angry about the same thing, all at once. An alert follows within a minute, and
          the inbox fills.
        </Trans>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          busy={crisis.isPending}
          {...(may ? {} : { why: t`Your role reads only.` })}
          onClick={() =>
            crisis.mutate(undefined, {
              onSuccess: (c) => tell({ text: t`${count(c.posts)} people were heard. Watch the alerts.` }),
            })
          }
        >
          <Megaphone className="i s" aria-hidden />
          <Trans>Let it happen</Trans>
        </Button>
        <Link to="/listen/alerts" className={btn("g")}>
          <Trans>Look at the alerts</Trans>
        </Link>
      </div>
    </Section>
  );
}

function People({ personas, posts }: { personas: readonly Persona[]; posts: number }) {
  return (
    <Section
      title={<Trans>Who lives there</Trans>}
      n={personas.length}
      end={<Trans>{count(posts)} posts so far</Trans>}
    >
      {personas.length === 0 ? (
        <p className="flex items-center gap-2 py-3 text-ink-2">
          <Drama className="i" aria-hidden />
          <Trans>Nobody yet; people come when the first of them speaks.</Trans>
        </p>
      ) : (
        <Table
          label={t`Who lives there`}
          head={
            <>
              <th>
                <Trans>Name</Trans>
              </th>
              <th className="max-sm:hidden">
                <Trans>Place</Trans>
              </th>
              <th>
                <Trans>Mood</Trans>
              </th>
              <th className="num">
                <Trans>Followers</Trans>
              </th>
            </>
          }
        >
          {personas.map((p) => (
            <tr key={p.handle}>
              <td>
                <span className="flex items-center gap-2.5">
                  <Avatar name={p.name} size="sm" />
                  {p.name}
                </span>
              </td>
              <td className="text-ink-2 max-sm:hidden">{p.place ?? "–"}</td>
              <td className="text-ink-2">{p.mood}</td>
              <td className="num">{count(p.followers)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
