import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { btn, Chip, Facts, Section, States, Table } from "../../kit";
import { count } from "../../lib/format";
import { useMay } from "../../lib/session";
import { type Health, useHealth } from "./data";
import { Frame } from "./Frame";
import { healthTone, healthWord, size } from "./words";

// System is how the machine is: whether all that comes in is dealt with, and what is full.
export function System() {
  const may = useMay("system.read");
  const health = useHealth(may);
  return (
    <Frame
      name={t`System`}
      may={may}
      acts={
        <a href="/api/docs" target="_blank" rel="noreferrer" className={btn("o", "md", "touch")}>
          <BookOpen className="i s" aria-hidden />
          <Trans>API reference</Trans>
        </a>
      }
    >
      <States of={health}>{(h) => <Full h={h} />}</States>
    </Frame>
  );
}

// summary says in one sentence whether anything needs somebody.
export function summary(h: Health): string {
  if (h.disk.state === "low")
    return t`The disk is nearly full. Make room before Parley has to stop listening.`;
  const sick = (h.channels ?? []).filter((c) => c.state === "trouble");
  if (sick.length === 1) return t`All is well but ${sick[0]?.channel.name ?? ""}, which needs you.`;
  if (sick.length > 1) return t`${sick.length} channels need you; the rest is well.`;
  if (h.parked > 0) return t`${h.parked} pieces of work were set aside, because they failed again and again.`;
  if (h.intake.state !== "ok") return t`More comes in than is dealt with at the moment. Nothing is lost.`;
  return t`All is well.`;
}

function Full({ h }: { h: Health }) {
  const behind = (h.followers ?? []).reduce((n, f) => n + f.behind, 0);
  return (
    <>
      <p className="max-w-3xl pb-6 text-xl font-strong tracking-tight">{summary(h)}</p>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-2">
        <Section title={<Trans>The machine</Trans>}>
          <div className="pt-3">
            <Facts
              of={[
                [<Trans key="v">Version</Trans>, h.version],
                [
                  <Trans key="d">Database</Trans>,
                  <Trans key="x">
                    {h.database === "postgres" ? "PostgreSQL" : "SQLite"}, schema {h.schema}
                  </Trans>,
                ],
                [
                  <Trans key="f">Disk</Trans>,
                  h.disk.state === "unknown" ? (
                    <Trans key="x">not known</Trans>
                  ) : (
                    <span key="x" className="inline-flex items-center gap-2">
                      <Trans>{size(h.disk.free)} free</Trans>
                      {h.disk.state === "low" && (
                        <Chip tone="alarm">
                          <Trans>low</Trans>
                        </Chip>
                      )}
                    </span>
                  ),
                ],
                [<Trans key="i">Intake</Trans>, h.intake.text],
                [
                  <Trans key="p">Set aside</Trans>,
                  h.parked === 0 ? (
                    <Trans key="x">nothing</Trans>
                  ) : (
                    <Plural key="x" value={h.parked} one="# piece" other="# pieces" />
                  ),
                ],
              ]}
            />
          </div>
        </Section>
        <Section title={<Trans>Channels</Trans>}>
          {(h.channels ?? []).length === 0 ? (
            <p className="py-3 text-ink-2">
              <Trans>None is connected.</Trans>
            </p>
          ) : (
            <ul>
              {h.channels?.map((c) => (
                <li key={c.channel.id} className="flex items-start gap-3 border-b border-line py-2">
                  <span className="min-w-0 flex-1">
                    <Link
                      to="/settings/channels/$id"
                      params={{ id: c.channel.id }}
                      className="font-medium hover:underline"
                    >
                      {c.channel.name}
                    </Link>
                    <span className="block text-xs text-ink-2">{c.text}</span>
                  </span>
                  <Chip tone={healthTone(c.state)}>{healthWord(c.state)}</Chip>
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section
          title={<Trans>What follows what is heard</Trans>}
          end={behind === 0 ? <Trans>all caught up</Trans> : undefined}
        >
          <Table
            label={t`What follows what is heard`}
            head={
              <>
                <th>
                  <Trans>Follower</Trans>
                </th>
                <th className="num">
                  <Trans>Behind</Trans>
                </th>
              </>
            }
          >
            {(h.followers ?? []).map((f) => (
              <tr key={f.name}>
                <td className="mono">{f.name}</td>
                <td className={`num ${f.behind > 0 ? "text-wait" : ""}`}>{count(f.behind)}</td>
              </tr>
            ))}
          </Table>
        </Section>
      </div>
    </>
  );
}
