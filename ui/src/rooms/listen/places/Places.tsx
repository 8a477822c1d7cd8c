import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { FileUp, Plus, Scale } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button, Empty, Input, Page, Segments, Select, Skeleton, States } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { count } from "../../../lib/format";
import { narrow, useMedia } from "../../../lib/media";
import { useMay } from "../../../lib/session";
import { ListenShelf, shelfName } from "../Shelf";
import { BranchForm } from "./BranchForm";
import { type Ranking, useDots, usePlaces } from "./data";
import { ImportFile } from "./ImportFile";
import { Ranked } from "./Ranked";
import { type Asked, type PlacesSearch, placeRanges, sorts } from "./search";
import { lead, placeRangeName, sortName, tone } from "./words";

const WorldMap = lazy(() => import("./WorldMap"));
const route = getRouteApi("/frame/listen/places");

// Places is where people speak of us: a map, and beside it the same as a list.
export function Places() {
  const search = route.useSearch();
  const { range = "90d", order: sort = "rating", kind = "branch", q, p, by } = search;
  const go = route.useNavigate();
  const leave = useNavigate();
  const may = useMay("listen.write");
  const [opens, setOpens] = useState<"file" | "hand">();
  const asked: Asked = { range, sort, kind, ...(q ? { q } : {}) };
  const places = usePlaces(asked);
  const set = (next: { [K in keyof PlacesSearch]?: PlacesSearch[K] | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as PlacesSearch,
      replace: true,
    });
  useCommands(
    t`Places`,
    [
      { id: "import-places", label: t`Import branches from a file`, run: () => setOpens("file") },
      { id: "add-place", label: t`Add a branch`, run: () => setOpens("hand") },
      {
        id: "compare-places",
        label: t`Compare two places`,
        run: () => void leave({ to: "/listen/places/compare" }),
      },
    ],
    may,
  );
  const acts = (
    <>
      {may && (
        <>
          <Button look="g" touch onClick={() => setOpens("hand")}>
            <Plus className="i s" aria-hidden />
            <span className="max-lg:sr-only">
              <Trans>Add a branch</Trans>
            </span>
          </Button>
          <Button look="p" touch onClick={() => setOpens("file")}>
            <FileUp className="i s" aria-hidden />
            <span className="max-sm:sr-only">
              <Trans>Import branches</Trans>
            </span>
          </Button>
        </>
      )}
    </>
  );
  const bare = places.data && places.data.total === 0 && !q && kind === "branch";
  return (
    <Page
      name={t`Places`}
      title={<Trans>Places</Trans>}
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={
        <>
          <span className="max-md:hidden">
            <Segments
              label={t`Period`}
              value={range}
              parts={placeRanges.map((r) => ({ value: r, label: placeRangeName(r) }))}
              onChange={(r) => set({ range: r === "90d" ? undefined : r })}
            />
          </span>
          {acts}
        </>
      }
    >
      <States of={places} pad>
        {(r) =>
          bare ? (
            <div className="p-4 sm:p-6">
              <Empty title={<Trans>You have told no branch yet.</Trans>} acts={acts}>
                <Trans>
                  Bring your branches in from a spreadsheet, or add one by hand. Then each review and mention
                  is tied to its place, with the reason why, and you see where people are happy.
                </Trans>
              </Empty>
            </div>
          ) : (
            <Body of={r} asked={asked} p={p} by={by ?? "rating"} onSet={set} />
          )
        }
      </States>
      <ImportFile open={opens === "file"} onOpenChange={(o) => setOpens(o ? "file" : undefined)} />
      <BranchForm open={opens === "hand"} onOpenChange={(o) => setOpens(o ? "hand" : undefined)} />
    </Page>
  );
}

function Body({
  of: r,
  asked,
  p,
  by,
  onSet,
}: {
  of: Ranking;
  asked: Asked;
  p: string | undefined;
  by: "rating" | "net";
  onSet: (next: { [K in keyof PlacesSearch]?: PlacesSearch[K] | undefined }) => void;
}) {
  const { range = "90d", sort = "rating", kind = "branch", q } = asked;
  const leave = useNavigate();
  const phone = useMedia(narrow);
  const map: Asked = { range, kind, ...(q ? { q } : {}) };
  const dots = useDots(map);
  const first = r.items?.[0]?.id;
  return (
    <div className="scroll">
      <div className="max-w-[100rem] px-4 py-5 sm:px-6">
        <p className="lead mb-4 max-w-(--measure) text-lg">{lead(r, range)}</p>
        {r.looking && (
          <p className="mb-4 text-ink-2" role="status">
            <Trans>
              What was heard before is looked at again: {count(r.looking.done)} of {count(r.looking.of)}.
            </Trans>
          </p>
        )}
        <div className="touch mb-4 flex flex-wrap items-center gap-2">
          <Segments
            label={t`Which places`}
            value={kind}
            parts={[
              { value: "branch", label: t`Branches` },
              { value: "city", label: t`Cities` },
            ]}
            onChange={(k) => onSet({ kind: k === "city" ? "city" : undefined, p: undefined })}
          />
          <Input
            type="search"
            aria-label={t`Search places`}
            placeholder={t`Name, street, city, country`}
            defaultValue={q ?? ""}
            className="max-sm:order-first max-sm:!w-full sm:!w-56"
            onChange={(e) => onSet({ q: e.currentTarget.value.trim() || undefined })}
          />
          <Select
            label={t`Order`}
            className="max-sm:!w-auto max-sm:min-w-36 max-sm:flex-1 sm:!w-44"
            value={sort}
            choices={sorts.map((s) => ({ value: s, label: sortName(s) }))}
            onChange={(s) => onSet({ order: s === "rating" ? undefined : s })}
          />
          <span className="md:hidden">
            <Segments
              label={t`Period`}
              value={range}
              parts={placeRanges.map((x) => ({ value: x, label: placeRangeName(x) }))}
              onChange={(x) => onSet({ range: x === "90d" ? undefined : x })}
            />
          </span>
          <Button
            look="o"
            className="sm:ms-auto"
            onClick={() =>
              void leave({
                to: "/listen/places/compare",
                search: {
                  ...(p ? { a: p } : first ? { a: first } : {}),
                  ...(range === "90d" ? {} : { range }),
                },
              })
            }
          >
            <Scale className="i s" aria-hidden />
            <Trans>Compare two</Trans>
          </Button>
        </div>
        <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)]">
          <figure className="min-w-0 lg:sticky lg:top-5 lg:self-start">
            <States of={dots}>
              {(d) => (
                <>
                  <Suspense fallback={<Skeleton rows={6} avatar={false} />}>
                    <WorldMap
                      dots={d.dots ?? []}
                      chosen={p}
                      by={by}
                      height={phone ? 300 : 460}
                      onChoose={(id) => onSet({ p: id })}
                    />
                  </Suspense>
                  <Legend by={by} onBy={(b) => onSet({ by: b === "net" ? "net" : undefined })} />
                  <p className="mt-2 text-xs text-ink-3">
                    {d.more > 0 && (
                      <>
                        <Plural
                          value={d.more}
                          one="One place is left out."
                          other="# places are left out."
                        />{" "}
                      </>
                    )}
                    <Trans>Names and coordinates of cities:</Trans>{" "}
                    <a href="https://www.geonames.org" className="underline" rel="noreferrer" target="_blank">
                      {d.credit}
                    </a>
                    . <Trans>Coasts and borders: Natural Earth.</Trans>
                  </p>
                </>
              )}
            </States>
          </figure>
          {(r.items ?? []).length === 0 ? (
            <Empty title={<Trans>No place fits.</Trans>}>
              {kind === "city" ? (
                <Trans>Cities stand here once somebody spoke of them.</Trans>
              ) : (
                <Trans>Search for another word.</Trans>
              )}
            </Empty>
          ) : (
            <Ranked of={r} chosen={p} range={range} onChoose={(id) => onSet({ p: id })} />
          )}
        </div>
      </div>
    </div>
  );
}

function Legend({ by, onBy }: { by: "rating" | "net"; onBy: (b: "rating" | "net") => void }) {
  return (
    <figcaption className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-xs text-ink-2">
      <Segments
        label={t`Colour`}
        value={by}
        parts={[
          { value: "rating", label: t`by rating` },
          { value: "net", label: t`by net feeling` },
        ]}
        onChange={onBy}
      />
      <span className="inline-flex items-center gap-1.5">
        <Trans>low</Trans>
        {[2, 3, 3.6, 4, 5].map((v) => (
          <svg key={v} width="12" height="12" aria-hidden>
            <circle cx="6" cy="6" r="5.5" fill={tone(v)} />
          </svg>
        ))}
        <Trans>high</Trans>
      </span>
      <span>
        <Trans>The larger, the more was said. A dashed rim holds several places.</Trans>
      </span>
    </figcaption>
  );
}
