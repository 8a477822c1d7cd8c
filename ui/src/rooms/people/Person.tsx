import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import {
  AsidePart,
  Avatar,
  btn,
  ChannelMark,
  FeelingColumns,
  Page,
  PageBody,
  Section,
  States,
  Time,
} from "../../kit";
import { language, month, short } from "../../lib/format";
import { useMay } from "../../lib/session";
import { Changes } from "./Changes";
import { Corrections } from "./Corrections";
import { Bought, Roles } from "./card/Bought";
import { PersonFiles, PersonNotes } from "./card/Notes";
import { MayCome } from "./card/Outlook";
import { Wants } from "./card/Wants";
import { Asks } from "./consent/Asks";
import { Consents } from "./consent/Consents";
import { type Full, usePerson } from "./data";
import { Habits } from "./Habits";
import { History } from "./History";
import { Influence } from "./Influence";
import { Rename } from "./Mend";
import { Joined, Merge } from "./Merge";
import { Maybe, Moved } from "./SuggestMaybe";
import { Sorted } from "./segments/Sorted";
import { Tagged } from "./Tagged";
import { Values } from "./Values";

const route = getRouteApi("/frame/people/$id");

// Person is one human being across all channels, with what was said on both sides.
export function Person() {
  const { id } = route.useParams();
  const person = usePerson(id);
  const name = person.data?.name ?? t`Person`;
  const may = useMay("people.write");
  return (
    <Page
      name={name}
      title={
        <span className="flex items-center gap-1">
          <Link to="/people" className={btn("g", "sm", "sq -ms-2")} aria-label={t`All people`}>
            <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
          </Link>
          <span className="truncate">{name}</span>
        </span>
      }
      acts={
        may && person.data ? (
          <>
            <Rename of={person.data} />
            <Merge of={person.data} />
          </>
        ) : undefined
      }
      aside={person.data && <About of={person.data} />}
      asideName={t`About ${name}`}
    >
      {person.data && person.data.id !== id && <Moved to={person.data.id} />}
      <PageBody className="max-w-3xl">
        <States of={person}>
          {(p) => (
            <>
              <div className="mb-7 flex items-center gap-4">
                <Avatar name={p.name} size="lg" />
                <div className="min-w-0">
                  <p className="text-lg font-strong tracking-tight sm:text-xl">{summary(p)}</p>
                  <p className="text-ink-3">
                    {p.place && `${p.place} · `}
                    {p.last_seen_at.startsWith("0001-") ? (
                      <Trans>not heard yet</Trans>
                    ) : (
                      <Trans>
                        last heard <Time at={p.last_seen_at} />
                      </Trans>
                    )}
                  </p>
                  <Tagged of={p} />
                </div>
              </div>
              <Corrections id={p.id} />
              <MayCome id={p.id} name={p.name} />
              <Wants id={p.id} name={p.name} />
              <Section title={<Trans>Timeline</Trans>}>
                <History of={p} />
              </Section>
              <Changes object="person" id={p.id} />
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function summary(p: Full) {
  const said = p.activities;
  const talks = p.conversations;
  const sum = (p.feeling ?? []).reduce((s, m) => s + m.positive - m.negative, 0);
  return (
    <>
      <Plural value={said} one="Spoke once" other="Spoke # times" />
      {talks > 0 && (
        <>
          , <Plural value={talks} one="in one conversation with us" other="in # conversations with us" />
        </>
      )}
      {sum > 0 ? <Trans>, mostly kindly.</Trans> : sum < 0 ? <Trans>, mostly unhappily.</Trans> : "."}
    </>
  );
}

function About({ of: p }: { of: Full }) {
  const months = p.feeling ?? [];
  const n = months.reduce((s, m) => s + m.negative + m.neutral + m.positive, 0);
  const at = (m: string | undefined) => (m ? month(`${m}-15T12:00:00Z`) : "");
  return (
    <>
      <AsidePart title={<Trans>Identities</Trans>}>
        <ul>
          {(p.identities ?? []).map((i) => (
            <li key={i.id} className="flex min-h-6.5 items-center gap-2">
              <ChannelMark kind={i.channel?.kind ?? i.scheme} mark={i.channel?.mark} inline />
              {i.url ? (
                <a
                  href={i.url}
                  target="_blank"
                  rel="noopener noreferrer nofollow"
                  className="truncate hover:underline"
                >
                  {i.handle || i.value}
                </a>
              ) : (
                <span className="truncate">{i.handle || i.value}</span>
              )}
              <span className="ms-auto max-w-3/5 flex-none truncate text-xs text-ink-3">
                {i.channel?.name}
                {i.channel && i.followers > 0 && " · "}
                {i.followers > 0 && (
                  <Plural value={i.followers} one="# follower" other={`${short(i.followers)} followers`} />
                )}
              </span>
            </li>
          ))}
        </ul>
      </AsidePart>
      <Maybe id={p.id} />
      <Sorted id={p.id} />
      <Roles id={p.id} name={p.name} />
      <Bought id={p.id} />
      <Consents of={p} />
      <Asks id={p.id} name={p.name} />
      {(p.lang || p.place) && (
        <AsidePart title={<Trans>Known</Trans>}>
          <dl className="kv">
            {p.lang && (
              <>
                <dt>
                  <Trans>Writes in</Trans>
                </dt>
                <dd>{language(p.lang)}</dd>
              </>
            )}
            {p.place && (
              <>
                <dt>
                  <Trans>Place</Trans>
                </dt>
                <dd>{p.place}</dd>
              </>
            )}
          </dl>
        </AsidePart>
      )}
      {n > 0 && (
        <AsidePart
          title={<Trans>How they feel</Trans>}
          end={<Plural value={n} one="# message" other="# messages" />}
        >
          <FeelingColumns
            of={months.map((m) => ({ ...m, key: m.month, label: at(m.month) }))}
            label={t`Feeling by month`}
          />
        </AsidePart>
      )}
      <Habits id={p.id} />
      <Influence of={p} />
      {p.merges.length > 0 && <Joined of={p} />}
      <Values of="person" id={p.id} />
      <PersonNotes id={p.id} old={p.notes} />
      <PersonFiles id={p.id} />
    </>
  );
}
