import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Columns, Empty, FeelingBar, Segments, Select, States, Table } from "../../../kit";
import { count, day, share } from "../../../lib/format";
import { type Segment, type SegmentVoice, useSegments, useSegmentVoice } from "./data";

const none = "none";
export type Stretch = 7 | 30 | 90;

// Voice is what the people of a segment say, day by day, beside the time before
// and, where one is chosen, beside another segment.
export function Voice({
  of: s,
  days,
  beside,
  onChange,
}: {
  of: Segment;
  days: Stretch;
  beside: string | undefined;
  onChange: (days: Stretch, beside: string | undefined) => void;
}) {
  const voice = useSegmentVoice(s.id, days);
  const other = useSegmentVoice(beside, days);
  const others = (useSegments().data ?? []).filter((x) => x.id !== s.id);
  return (
    <>
      <div className="touch mb-4 flex flex-wrap items-center gap-3">
        <Segments
          label={t`How far back`}
          value={String(days)}
          onChange={(v) => onChange(Number(v) as Stretch, beside)}
          parts={[
            { value: "7", label: t`7 days` },
            { value: "30", label: t`30 days` },
            { value: "90", label: t`90 days` },
          ]}
        />
        {others.length > 0 && (
          <Select
            className="w-64!"
            label={t`Beside which segment`}
            value={beside ?? none}
            placeholder={t`a segment that is gone`}
            onChange={(v) => onChange(days, v === none ? undefined : v)}
            choices={[
              { value: none, label: t`Beside the time before` },
              ...others.map((x) => ({ value: x.id, label: t`Beside ${x.name}` })),
            ]}
          />
        )}
      </div>
      <States of={voice}>
        {(v) =>
          v.total.said + v.before.said === 0 && !other.data ? (
            <Empty title={<Trans>They said nothing in this time.</Trans>} />
          ) : (
            <>
              <Compared all={other.data && beside ? [v, other.data] : [v]} />
              <Course of={v} />
              {other.data && beside && <Course of={other.data} />}
              <p className="pt-4 text-xs text-ink-3">
                <Trans>
                  What those say who are in the segment now, by days of universal time, on the channels that
                  you see.
                </Trans>
              </p>
            </>
          )
        }
      </States>
    </>
  );
}

// Compared is the same numbers of each segment in a row.
function Compared({ all }: { all: SegmentVoice[] }) {
  return (
    <Table
      label={t`What they say`}
      head={
        <>
          <th>
            <Trans>Segment</Trans>
          </th>
          <th className="num">
            <Trans>Messages</Trans>
          </th>
          <th className="num">
            <Trans>Change</Trans>
          </th>
          <th className="num max-sm:hidden">
            <Trans>Who spoke</Trans>
          </th>
          <th className="num">
            <Trans>Net feeling</Trans>
          </th>
        </>
      }
    >
      {all.map((v) => (
        <tr key={v.id}>
          <td className="w-full max-w-0 truncate font-strong">{v.name}</td>
          <td className="num">{count(v.total.said)}</td>
          <td className="num">{change(v)}</td>
          <td className="num whitespace-nowrap max-sm:hidden">
            <Trans>
              {count(v.speakers)} of {count(v.members)}
            </Trans>
          </td>
          <td className="num">{feeling(v)}</td>
        </tr>
      ))}
    </Table>
  );
}

// change is how much more or less was said than in the time before, from ten messages on.
function change(v: SegmentVoice): string {
  if (v.before.said < 10) return "–";
  const part = (v.total.said - v.before.said) / v.before.said;
  return `${part > 0 ? "+" : part < 0 ? "−" : ""}${share(Math.abs(part))}`;
}

// feeling is happy less unhappy, in hundredths of what could be read; from ten messages on.
function feeling(v: SegmentVoice): string {
  const n = v.total.negative + v.total.neutral + v.total.positive;
  if (n < 10) return t`too few`;
  const net = Math.round((100 * (v.total.positive - v.total.negative)) / n);
  return `${net > 0 ? "+" : net < 0 ? "−" : ""}${count(Math.abs(net))}`;
}

function Course({ of: v }: { of: SegmentVoice }) {
  return (
    <section aria-label={v.name} className="pt-6">
      <h3 className="mb-2 flex flex-wrap items-baseline gap-x-3 font-strong">
        {v.name}
        <span className="text-xs font-normal text-ink-3">
          <Trans>messages a day; dashed: as long before</Trans>
        </span>
      </h3>
      <FeelingBar of={v.total} />
      <div className="pt-3">
        <Columns
          height={150}
          label={t`${v.name}: ${count(v.total.said)} messages from ${day(`${v.from}T12:00:00Z`)} to ${day(`${v.to}T12:00:00Z`)}, ${count(v.before.said)} in as many days before`}
          columns={(v.days ?? []).map((d) => ({
            key: d.day,
            label: day(`${d.day}T12:00:00Z`),
            value: d.said,
            before: d.before,
          }))}
        />
      </div>
    </section>
  );
}
