import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { btn, type Cond, condText, Empty, Page, Sparkline, States, Table } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { count } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { PeopleShelf, shelfName } from "../Shelf";
import { type Segment, useSegments } from "./data";
import { useFields } from "./fields";
import { Filling, Moved } from "./Parts";

// SegmentList is all segments, by name, with how many they have and how that went.
export function SegmentList() {
  const segments = useSegments();
  const may = useMay("people.write");
  const go = useNavigate();
  useCommands(
    t`Segments`,
    may
      ? [
          {
            id: "new-segment",
            label: t`New segment`,
            keys: "n",
            run: () => void go({ to: "/people/segments/new" }),
          },
        ]
      : [],
  );
  const begin = may && (
    <Link to="/people/segments/new" className={btn("p")}>
      <Plus className="i s" aria-hidden />
      <Trans>New segment</Trans>
    </Link>
  );
  return (
    <Page
      name={t`Segments`}
      title={<Trans>Segments</Trans>}
      shelf={<PeopleShelf here="segments" />}
      shelfName={shelfName()}
      acts={begin}
    >
      <div className="scroll">
        <div className="px-4 py-3 sm:px-6">
          <States
            of={segments}
            empty={
              <Empty title={<Trans>There is no segment yet.</Trans>} acts={begin}>
                <Trans>
                  Say what must hold of somebody, such as “unhappy last, and over 1,000 followers”. Whoever it
                  holds of is in the segment, and it stays true by itself.
                </Trans>
              </Empty>
            }
          >
            {(rows) => (
              <>
                <Table
                  label={t`Segments`}
                  head={
                    <>
                      <th>
                        <Trans>Segment</Trans>
                      </th>
                      <th className="max-md:hidden">
                        <Trans>Thirty days</Trans>
                      </th>
                      <th className="num max-sm:hidden">
                        <Trans>Seven days</Trans>
                      </th>
                      <th className="num">
                        <Trans>People</Trans>
                      </th>
                    </>
                  }
                >
                  {rows.map((s) => (
                    <Row key={s.id} of={s} />
                  ))}
                </Table>
                <p className="py-4 text-ink-3">
                  <Plural value={rows.length} one="One segment." other="# segments." />
                </p>
              </>
            )}
          </States>
        </div>
      </div>
    </Page>
  );
}

function Row({ of: s }: { of: Segment }) {
  const fields = useFields();
  const sizes = (s.days ?? []).map((d) => d.size);
  return (
    <tr className="relative">
      <td className="!h-14 w-full max-w-0">
        <Link
          to="/people/segments/$id"
          params={{ id: s.id }}
          className="block min-w-0 rounded-sm after:absolute after:inset-0"
        >
          <span className="block truncate font-strong">{s.name}</span>
          <span className="block truncate text-xs text-ink-3">
            {s.about || condText(s.conditions as Cond, fields)}
          </span>
        </Link>
      </td>
      <td className="max-md:hidden">
        <Sparkline values={sizes} label={t`How many there were on each of the last thirty days`} />
      </td>
      <td className="num max-sm:hidden">
        <Moved of={s} />
      </td>
      <td className="num">
        {s.filling ? <Filling of={s} /> : <b className="font-strong">{count(s.members)}</b>}
      </td>
    </tr>
  );
}
