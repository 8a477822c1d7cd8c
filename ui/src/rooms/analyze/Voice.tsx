import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { btn, ChartFrame, NoData, net, Press, States, Swatch, Table, useWidth } from "../../kit";
import { count, share, signed } from "../../lib/format";
import { type Span, useVoice, type Voice as V } from "./data";
import { changeWord, felt, fewestFelt, labelOf } from "./words";

interface Props {
  span: Span;
  chosen: string | undefined; // the monitor that is looked at
  onChoose: (monitor: string | undefined, since?: string, until?: string) => void;
}

// Voice is what each of several monitors has of all that was said about any of
// them: us beside our competitors.
export function Voice({ span, chosen, onChoose }: Props) {
  const data = useVoice(span, []);
  return <States of={data}>{(v) => <Shares of={v} chosen={chosen} onChoose={onChoose} />}</States>;
}

const colours = [
  "var(--color-cat-1)",
  "var(--color-cat-2)",
  "var(--color-cat-3)",
  "var(--color-cat-4)",
  "var(--color-cat-5)",
  "var(--color-cat-6)",
  "var(--color-cat-7)",
  "var(--color-cat-8)",
];

function Shares({
  of: v,
  chosen,
  onChoose,
}: {
  of: V;
  chosen: Props["chosen"];
  onChoose: Props["onChoose"];
}) {
  const all = v.monitors ?? [];
  const part = (n: number, of: number) => (of > 0 ? n / of : 0);
  const title = t`Share of voice`;
  return (
    <ChartFrame
      title={title}
      def={{
        word: t`brands and competitors`,
        text: t`Each monitor’s posts, of the sum of all that are about a brand or a competitor. A post that several found counts for each. What a monitor is about is said where it is edited.`,
      }}
      n={v.total}
      missing={v.more > 0 && <Trans>{count(v.more)} more monitors are in the sum but not in the list</Trans>}
      table={{
        head: [t`Monitor`, t`Posts`, t`Share`, t`Before`, t`Negative`, t`Neutral`, t`Positive`],
        rows: all.map((m) => [
          m.name,
          m.count,
          share(part(m.count, v.total)),
          m.previous,
          m.negative,
          m.neutral,
          m.positive,
        ]),
      }}
    >
      {all.length === 0 ? (
        <NoData>
          <span className="flex flex-wrap items-center gap-3">
            <Trans>
              No monitor is about a brand or a competitor yet. Say so where you edit it, and they are compared
              here.
            </Trans>
            <Link to="/listen/monitors/new" className={btn("o", "sm")}>
              <Trans>Write a monitor</Trans>
            </Link>
          </span>
        </NoData>
      ) : (
        <>
          {all.length > 1 && <Areas of={v} onChoose={onChoose} />}
          <Table
            label={title}
            head={
              <>
                <th>
                  <Trans>Monitor</Trans>
                </th>
                <th className="num">
                  <Trans>Posts</Trans>
                </th>
                <th className="num">
                  <Trans>Share</Trans>
                </th>
                <th className="num">
                  <Trans>Change</Trans>
                </th>
                <th className="num max-sm:hidden">
                  <Trans>Net feeling</Trans>
                </th>
              </>
            }
          >
            {all.slice(0, 20).map((m, i) => {
              const points = Math.round((part(m.count, v.total) - part(m.previous, v.previous)) * 100);
              const balance = felt(m) >= fewestFelt ? net(m) : undefined;
              return (
                <tr key={m.id} className={chosen === m.id ? "bg-chosen" : ""}>
                  <td>
                    <button
                      type="button"
                      className="inline-flex min-h-6 items-center gap-2 text-start hover:underline"
                      aria-pressed={chosen === m.id}
                      onClick={() => onChoose(chosen === m.id ? undefined : m.id)}
                    >
                      {m.steps && (
                        <svg width="10" height="10" aria-hidden className="flex-none">
                          <rect width="10" height="10" rx="2" fill={colours[i]} />
                        </svg>
                      )}
                      {m.name}
                      {m.kind === "brand" && (
                        <span className="chip ol">
                          <Trans>us</Trans>
                        </span>
                      )}
                    </button>
                  </td>
                  <td className="num">{count(m.count)}</td>
                  <td className="num">{share(part(m.count, v.total))}</td>
                  <td className="num text-ink-2" title={t`${signed(points)} points of the share`}>
                    {changeWord(m.count, m.previous)}
                  </td>
                  <td className="num max-sm:hidden">
                    {balance === undefined ? <span className="text-ink-3">–</span> : signed(balance)}
                  </td>
                </tr>
              );
            })}
          </Table>
        </>
      )}
    </ChartFrame>
  );
}

const left = 38;
const height = 150;

// Areas are the shares along time, in columns that are always whole. Hours are
// gathered into days, in which there is enough to divide.
function Areas({ of: v, onChoose }: { of: V; onChoose: Props["onChoose"] }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const top = (v.monitors ?? []).filter((m) => m.steps);
  const at = v.at ?? [];
  const n = at.length - 1;
  const gather = v.step === "hour" ? (n > 48 ? 24 : 3) : n > 45 ? 7 : 1;
  const cols = Array.from({ length: Math.ceil(n / gather) }, (_, i) => {
    const from = i * gather;
    const to = Math.min(n, from + gather);
    return {
      at: at[from] ?? "",
      until: at[to] ?? "",
      values: top.map((m) => (m.steps ?? []).slice(from, to).reduce((a, b) => a + b, 0)),
    };
  }).filter((c) => Date.parse(c.at) < Date.parse(v.until));
  const step = (width - left) / Math.max(cols.length, 1);
  const floor = height - 20;
  const hourly = v.step === "hour" && gather < 24;
  const every = Math.max(1, Math.ceil(cols.length / Math.max(2, Math.floor((width - left) / 90))));
  return (
    <div ref={box} className="mb-3">
      <p className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
        {top.map((m, i) => (
          <Swatch key={m.id} colour={colours[i] ?? ""}>
            {m.name}
          </Swatch>
        ))}
      </p>
      <svg
        className="chart rtl:-scale-x-100"
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={t`Share of voice over time`}
      >
        {[0, 0.5, 1].map((p) => (
          <g key={p}>
            <path d={`M${left} ${floor - p * (floor - 8)}H${width}`} stroke="var(--color-line)" />
            <text
              x={left - 8}
              y={floor - p * (floor - 8) + 4}
              textAnchor="end"
              className="rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100"
            >
              {share(p)}
            </text>
          </g>
        ))}
        {cols.map((c, i) => {
          const sum = c.values.reduce((a, b) => a + b, 0);
          let y = floor;
          return (
            <g key={c.at}>
              {sum > 0 &&
                c.values.map((value, k) => {
                  const h = (value / sum) * (floor - 8);
                  y -= h;
                  const m = top[k];
                  return (
                    m &&
                    h > 0 && (
                      <Press
                        key={m.id}
                        label={`${labelOf(c.at, hourly, n)}: ${m.name} ${share(value / sum)}, ${count(value)}`}
                        x={left + i * step + Math.min(1, step * 0.06)}
                        y={y}
                        width={Math.max(1, step - Math.min(2, step * 0.12))}
                        height={h}
                        fill={colours[k]}
                        onPress={() => onChoose(m.id, c.at, c.until)}
                      />
                    )
                  );
                })}
              {i % every === 0 && (
                <text
                  x={left + (i + 0.5) * step}
                  y={height - 5}
                  textAnchor={i === 0 ? "start" : "middle"}
                  className="rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100"
                >
                  {labelOf(c.at, hourly, n)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
