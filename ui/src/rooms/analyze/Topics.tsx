import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChartFrame, Def, NoData, net, Sparkline, Table } from "../../kit";
import { valueName } from "../../lib/facet";
import { count, signed } from "../../lib/format";
import type { Facet, Value } from "./data";
import { changeWord, felt, fewestFelt, velocity } from "./words";

interface Props {
  facet: Facet | undefined;
  title: string;
  def: { word: string; text: string };
  n: number;
  chosen: string | undefined;
  followed: string | undefined;
  onChoose: (v: string | undefined) => void;
  onFollow: (v: string | undefined) => void;
}

// Topics are what people talk about: how much, how that changes, how fast the
// change changes, how it feels, and its course.
export function Topics({ facet, title, def, n, chosen, followed, onChoose, onFollow }: Props) {
  const rows = facet?.values ?? [];
  const name = (v: Value) => valueName(facet?.name ?? "", v.value, v.name);
  return (
    <ChartFrame
      title={title}
      def={def}
      n={n}
      table={{
        head: [
          title,
          t`Posts`,
          t`Before`,
          t`And before that`,
          t`Velocity`,
          t`Negative`,
          t`Neutral`,
          t`Positive`,
        ],
        rows: rows.map((v) => [
          name(v),
          v.count,
          v.previous,
          v.before,
          velocity(v.count, v.previous, v.before),
          v.negative,
          v.neutral,
          v.positive,
        ]),
      }}
    >
      {rows.length === 0 ? (
        <NoData>
          <Trans>Nothing of this was read in this time.</Trans>
        </NoData>
      ) : (
        <Table
          label={title}
          head={
            <>
              <th>{title}</th>
              <th className="num">
                <Trans>Posts</Trans>
              </th>
              <th className="num">
                <Def text={<Trans>Compared with the time before, as far as this one has come.</Trans>}>
                  <Trans>Change</Trans>
                </Def>
              </th>
              <th className="num max-sm:hidden">
                <Def
                  text={
                    <Trans>
                      How much faster it grows than it did before: this change minus the change before, in
                      posts.
                    </Trans>
                  }
                >
                  <Trans>Velocity</Trans>
                </Def>
              </th>
              <th className="max-md:hidden">
                <Trans>Net feeling</Trans>
              </th>
              <th className="num">
                <Trans>Course</Trans>
              </th>
            </>
          }
        >
          {rows.map((v) => (
            <Row
              key={v.value}
              of={v}
              name={name(v)}
              chosen={chosen === v.value}
              followed={followed === v.value}
              onChoose={() => onChoose(chosen === v.value ? undefined : v.value)}
              onFollow={() => onFollow(followed === v.value ? undefined : v.value)}
            />
          ))}
        </Table>
      )}
    </ChartFrame>
  );
}

function Row({
  of: v,
  name,
  chosen,
  followed,
  onChoose,
  onFollow,
}: {
  of: Value;
  name: string;
  chosen: boolean;
  followed: boolean;
  onChoose: () => void;
  onFollow: () => void;
}) {
  const speed = velocity(v.count, v.previous, v.before);
  const risen = v.count >= 8 && v.count > v.previous * 1.5;
  return (
    <tr className={chosen ? "bg-chosen shadow-[inset_2px_0_var(--color-voice)]" : ""}>
      <td>
        <button
          type="button"
          aria-pressed={chosen}
          onClick={onChoose}
          className="min-h-6 text-start hover:underline"
        >
          {name}
        </button>
      </td>
      <td className="num">
        <button
          type="button"
          onClick={onChoose}
          className="min-h-6 tabular-nums hover:underline"
          tabIndex={-1}
          aria-hidden
        >
          {count(v.count)}
        </button>
        <span className="sr-only">{count(v.count)}</span>
      </td>
      <td className={`num ${risen ? "font-strong text-ink" : "text-ink-2"}`}>
        {changeWord(v.count, v.previous)}
      </td>
      <td className="num text-ink-2 max-sm:hidden">{signed(speed)}</td>
      <td className="max-md:hidden">
        <Net of={v} />
      </td>
      <td className="num">
        <button
          type="button"
          aria-pressed={followed}
          onClick={onFollow}
          aria-label={t`Follow ${name}: level, change and velocity`}
          className={`ms-auto block min-h-6 rounded-xs px-1 hover:bg-hover${followed ? " bg-chosen" : ""}`}
        >
          <Sparkline
            values={v.steps ?? []}
            label={t`The course of ${name}`}
            alarm={risen && v.negative > v.positive}
          />
        </button>
      </td>
    </tr>
  );
}

// Net is positive minus negative as a bar from the middle; with too little read it says so.
export function Net({ of: v }: { of: { negative: number; neutral: number; positive: number } }) {
  const n = v.negative + v.neutral + v.positive;
  const is = net(v);
  if (is === undefined || n < fewestFelt)
    return (
      <span className="text-xs text-ink-3" title={t`Fewer than ${fewestFelt} could be read`}>
        <Trans>too few</Trans>
      </span>
    );
  const width = Math.abs(is) / 2;
  return (
    <span className="inline-flex items-center gap-2">
      <svg width="72" height="10" aria-hidden className="flex-none rtl:-scale-x-100">
        <path d="M36 0V10" stroke="var(--color-line-2)" />
        <rect
          x={is < 0 ? 36 - width * 0.72 : 36}
          width={Math.max(width * 0.72, 1)}
          y="1"
          height="8"
          rx="1"
          fill={is < 0 ? "var(--color-sent-n2)" : "var(--color-sent-p2)"}
        />
      </svg>
      <span
        className={`tabular-nums ${is < 0 ? "text-sent-neg-ink" : is > 0 ? "text-sent-pos-ink" : "text-ink-3"}`}
      >
        {signed(is)}
      </span>
      <span className="sr-only">{felt({ ...v, count: n, unknown: 0 })}</span>
    </span>
  );
}
