import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft, UserMinus } from "lucide-react";
import { Avatar, Button, btn, Chip, Page, PageBody, Section, Segments, States, Table, tell } from "../../kit";
import { useMay } from "../../lib/session";
import { ChangeCharter } from "./ChangeCharter";
import { type Charter, useProgramme, useRules } from "./data";
import { Enrol } from "./Enrol";
import { Held } from "./Held";
import { levelName } from "./HiveChart";
import { GovernShelf, shelfName } from "./Shelf";
import { Ready, Scale } from "./Sketch";

const route = getRouteApi("/frame/govern/programmes/$id");

export const roleName = (r: string): string =>
  ({ admin: t`Administrator`, manager: t`Manager`, responder: t`Responder`, viewer: t`Viewer` })[r] ??
  t`No role`;

// Programme is its charter: what it is for, its people, and its rules.
export function Programme() {
  const { id } = route.useParams();
  const programme = useProgramme(id);
  const may = useMay("govern.write");
  const name = programme.data?.name ?? t`Programme`;
  return (
    <Page
      name={name}
      title={name}
      beside={programme.data?.state === "closed" && <Chip tone="wait">{t`closed`}</Chip>}
      shelf={<GovernShelf />}
      shelfName={shelfName()}
      acts={
        <>
          <Link to="/govern" search={{ p: id }} className={btn("g", "md")}>
            <ArrowLeft className="i s rtl:-scale-x-100" aria-hidden />
            <span className="max-sm:sr-only">
              <Trans>Hive</Trans>
            </span>
          </Link>
          {may && programme.data && <ChangeCharter of={programme.data} />}
        </>
      }
    >
      <PageBody>
        <States of={programme}>{(p) => <Body of={p} may={may} />}</States>
      </PageBody>
    </Page>
  );
}

function Body({ of: p, may }: { of: Charter; may: boolean }) {
  return (
    <div className="flex max-w-5xl flex-col gap-8">
      <div>
        <p className="max-w-3xl text-xl font-strong tracking-tight">
          {p.mission || t`Its mission is not written yet.`}
        </p>
        <p className="mt-2 text-ink-2">
          {p.lead ? <Trans>{p.lead.name} leads.</Trans> : <Trans>Nobody leads it yet.</Trans>}{" "}
          {p.sponsor && <Trans>{p.sponsor} sponsors.</Trans>}
        </p>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-8 md:grid-cols-2">
        <Maturity of={p} may={may} />
        <Section title={<Trans>Ready to speak</Trans>} n={(p.members ?? []).length}>
          <div className="pt-3">
            <Ready of={p} />
          </div>
        </Section>
      </div>
      <People of={p} may={may} />
      <Held programme={p.id} name={p.name} />
    </div>
  );
}

function Maturity({ of: p, may }: { of: Charter; may: boolean }) {
  const { change } = useRules();
  return (
    <Section title={<Trans>Maturity</Trans>} end={levelName(p.maturity)}>
      <div className="flex flex-col gap-3 pt-3">
        <Scale of={p.maturity} />
        {may && (
          <span className="flex">
            <Segments
              label={t`Maturity`}
              value={String(p.maturity)}
              parts={["1", "2", "3", "4", "5"].map((v) => ({ value: v, label: v }))}
              onChange={(v) =>
                change.mutate(
                  { id: p.id, maturity: Number(v) },
                  {
                    onSuccess: () =>
                      tell({
                        text: t`Maturity is ${v} now.`,
                        undo: () => change.mutate({ id: p.id, maturity: p.maturity }),
                      }),
                  },
                )
              }
            />
          </span>
        )}
      </div>
    </Section>
  );
}

function People({ of: p, may }: { of: Charter; may: boolean }) {
  const { dismiss, enrol } = useRules();
  const rows = p.members ?? [];
  return (
    <Section title={<Trans>People</Trans>} n={rows.length} end={may && <Enrol of={p} />}>
      {rows.length === 0 ? (
        <p className="py-3 text-ink-2">
          <Trans>
            Nobody yet. Whoever is here may see what belongs to the programme, and do what the role allows.
          </Trans>
        </p>
      ) : (
        <Table
          label={t`People`}
          head={
            <>
              <th>
                <Trans>Name</Trans>
              </th>
              <th className="max-sm:hidden">
                <Trans>Role here</Trans>
              </th>
              <th>
                <Trans>Policies</Trans>
              </th>
              {may && (
                <th>
                  <span className="sr-only">
                    <Trans>Acts</Trans>
                  </span>
                </th>
              )}
            </>
          }
        >
          {rows.map((m) => (
            <tr key={m.id}>
              <td>
                <span className="flex items-center gap-2.5">
                  <Avatar name={m.name} us size="sm" />
                  <span className="min-w-0">
                    <span className="block">{m.name}</span>
                    <span className="block text-xs text-ink-3 sm:hidden">{roleName(m.role)}</span>
                  </span>
                </span>
              </td>
              <td className="max-sm:hidden">{roleName(m.role)}</td>
              <td>
                {m.acknowledged ? (
                  <Chip tone="good">{t`read`}</Chip>
                ) : (
                  <Chip tone="wait">{t`something is unread`}</Chip>
                )}
              </td>
              {may && (
                <td className="num">
                  <Button
                    look="g"
                    size="sm"
                    square
                    touch
                    aria-label={t`Take ${m.name} out`}
                    title={t`Take ${m.name} out`}
                    onClick={() =>
                      dismiss.mutate(
                        { id: p.id, member: m.id },
                        {
                          onSuccess: () =>
                            tell({
                              text: t`${m.name} is out of ${p.name}.`,
                              undo: () =>
                                enrol.mutate({
                                  id: p.id,
                                  member: m.id,
                                  role: m.role as "manager" | "responder" | "viewer",
                                }),
                            }),
                        },
                      )
                    }
                  >
                    <UserMinus className="i s" aria-hidden />
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      <p className="pt-3 text-xs text-ink-3">
        <Plural value={rows.length} one="One person." other="# people." />
      </p>
    </Section>
  );
}
