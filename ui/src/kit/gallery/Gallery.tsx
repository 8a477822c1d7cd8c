import { AlarmClockOff, Check, Lock, Send, Timer } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Problem } from "../../lib/problem";
import {
  Avatar,
  Badge,
  Bars,
  Button,
  ChartFrame,
  Checkbox,
  Chip,
  Columns,
  Composer,
  Confirm,
  Count,
  Def,
  Delivery,
  Direct,
  type Door,
  Empty,
  Failed,
  FeelingBar,
  FeelingColumns,
  Field,
  GovernFrame,
  Happened,
  Input,
  Kbd,
  LoopRibbon,
  Mark,
  Menu,
  MenuItem,
  Note,
  Public,
  RowBody,
  Segments,
  Select,
  Sentiment,
  Sheet,
  Skeleton,
  Sparkline,
  Stack,
  Step,
  Suggestion,
  Swatch,
  Switch,
  Tabs,
  Textarea,
  Theirs,
  Timeline,
  TimelineItem,
  Turn,
  tell,
} from "..";

const now = new Date().toISOString();

function Box({ title, children, wide }: { title: string; children: ReactNode; wide?: boolean }) {
  return (
    <section className={wide ? "lg:col-span-3" : ""}>
      <h2 className="mb-3.5 border-b border-line pb-1.5 text-md font-strong">{title}</h2>
      <div className="flex flex-col gap-3">{children}</div>
    </section>
  );
}

// Gallery shows every part of the kit in every state; only the development server has it.
export function Gallery() {
  const [door, setDoor] = useState<Door>("direct");
  const [text, setText] = useState("Dolores can bring a loan kettle before noon.");
  const [seg, setSeg] = useState("3d");
  const [tab, setTab] = useState("timeline");
  const [pick, setPick] = useState("mastodon");
  const [on, setOn] = useState(true);
  const [sheet, setSheet] = useState(false);
  const [span, setSpan] = useState<[number, number]>();
  const hours = Array.from({ length: 57 }, (_, i) => ({
    key: String(i),
    label: i % 24 === 0 ? "Thu" : `${i % 24}:00`,
    value: i > 53 ? ([820, 1390, 964][i - 54] ?? 0) : 30 + ((i * 7) % 30),
    before: 50 + ((i * 11) % 40),
    alarm: i > 53,
  }));
  return (
    <main className="h-dvh overflow-auto bg-paper">
      <div className="mx-auto max-w-[1360px] px-10 py-8">
        <div className="mb-7 flex items-center gap-3">
          <Mark className="size-7" />
          <h1 className="text-xl font-strong">Kit</h1>
          <span className="text-ink-3">every part, in every state</span>
        </div>
        <div className="grid gap-x-14 gap-y-9 lg:grid-cols-3">
          <Box title="Buttons">
            <div className="flex flex-wrap gap-2.5">
              <Button look="p">Reply</Button>
              <Button look="p" busy>
                Reply
              </Button>
              <Button look="p" why="You have not acknowledged the policy.">
                Reply
              </Button>
              <Button disabled>Reply</Button>
            </div>
            <div className="flex flex-wrap gap-1.5">
              <Button>Review</Button>
              <Button look="g">Later</Button>
              <Button look="d">Withdraw</Button>
              <Button look="k">Send to Amara</Button>
              <Button look="nt">Keep note</Button>
              <Button size="sm">Small</Button>
            </div>
          </Box>
          <Box title="Fields">
            <div className="grid grid-cols-2 gap-3">
              <Field label="Name of the monitor">
                <Input defaultValue="K2 recall" />
              </Field>
              <Field label="Reply within" error="At least 1 minute.">
                <Input defaultValue="0 min" />
              </Field>
              <Field label="Channel" help="500 characters">
                <Select
                  choices={[
                    { value: "mastodon", label: "Mastodon" },
                    { value: "feed", label: "Feed" },
                  ]}
                  value={pick}
                  onChange={setPick}
                />
              </Field>
              <Field label="Why">
                <Textarea defaultValue="The refund date is not signed" />
              </Field>
            </div>
            <Checkbox
              label="Matches go to the inbox"
              help="All else stays on the wall."
              checked={on}
              onChange={setOn}
            />
            <Switch label="Active" checked={on} onChange={setOn} />
          </Box>
          <Box title="Tabs, segments, tip">
            <Tabs
              label="Person"
              parts={[
                { value: "timeline", label: "Timeline" },
                { value: "consent", label: "Consent", count: 3 },
              ]}
              value={tab}
              onChange={setTab}
            >
              <p className="py-2">{tab}</p>
            </Tabs>
            <div>
              <Segments
                label="Time"
                parts={[
                  { value: "24h", label: "24 h" },
                  { value: "3d", label: "3 days" },
                  { value: "30d", label: "30 days" },
                ]}
                value={seg}
                onChange={setSeg}
              />
            </div>
            <div>
              <Def text="Time between a post and our first answer to it. Half were faster.">
                Median from signal to answer
              </Def>
            </div>
          </Box>
          <Box title="Chips, badges, feeling">
            <div className="flex flex-wrap gap-2">
              <Chip tone="alarm" icon={<AlarmClockOff aria-hidden />}>
                4 min over
              </Chip>
              <Chip tone="wait" icon={<Timer aria-hidden />}>
                due in 8 min
              </Chip>
              <Chip tone="good" icon={<Check aria-hidden />}>
                Answered
              </Chip>
              <Chip tone="voice">To decide</Chip>
              <Chip tone="note" icon={<Lock aria-hidden />}>
                Inside only
              </Chip>
              <Chip>third message</Chip>
              <Chip tone="outline" onRemove={() => {}}>
                9 languages
              </Chip>
              <Badge>3</Badge>
              <Count n={14} label="waiting" />
            </div>
            <div className="flex flex-wrap gap-4">
              <Sentiment
                label="negative"
                score={0.81}
                confidence={0.81}
                onCorrect={() => {}}
                why={["sternly"]}
                model="feeling-14"
              />
              <Sentiment label="neutral" score={0.66} confidence={0.66} />
              <Sentiment label="positive" score={0.88} confidence={0.88} />
              <Sentiment label="negative" score={0.41} confidence={0.41} />
            </div>
            <div className="flex gap-4">
              <Avatar name="Amara Okafor" channel={{ kind: "mastodon" }} />
              <Avatar name="Lucía Cárdenas" channel={{ kind: "email" }} />
              <Avatar name="Jonas Lindqvist" us />
              <Avatar name="Brewell" org size="lg" />
              <Stack names={["Maya Dubois", "Priya Raman", "Ines Duarte"]} />
            </div>
            <div className="flex gap-4">
              <Turn of="ours" />
              <Turn of="theirs" />
              <Turn of="settled" />
            </div>
          </Box>
          <Box title="List rows">
            <div>
              <button type="button" className="row">
                <RowBody
                  turn="ours"
                  avatar={<Avatar name="Amara Okafor" channel={{ kind: "mastodon" }} />}
                  who="Amara Okafor"
                  end="09:14"
                  theirs
                  chips={<Chip tone="alarm">4 min over</Chip>}
                >
                  It says K2-2309-04417. She’s 81. What should she use until then?
                </RowBody>
              </button>
              <button type="button" className="row" aria-current="true">
                <RowBody
                  turn="theirs"
                  avatar={<Avatar name="Deniz Kaya" channel={{ kind: "bluesky" }} />}
                  who="Deniz Kaya"
                  end="09:20"
                  theirs
                >
                  Mine is from the January batch but the base is blank??
                </RowBody>
              </button>
              <button type="button" className="row" data-read="">
                <RowBody
                  turn="settled"
                  avatar={<Avatar name="Søren Bach" channel={{ kind: "email" }} />}
                  who="Søren Bach"
                  end="08:49"
                >
                  You: A new one is on its way.
                </RowBody>
              </button>
            </div>
          </Box>
          <Box title="Menu, dialog, sheet, toast">
            <div className="flex flex-wrap gap-2">
              <Menu trigger={<Button>Menu</Button>}>
                <MenuItem keys="a" icon={<Send className="i" />}>
                  Assign
                </MenuItem>
                <MenuItem chosen>Open</MenuItem>
                <MenuItem danger>Withdraw</MenuItem>
              </Menu>
              <Confirm
                trigger={<Button>Dialog</Button>}
                title="Send to 2,190 people?"
                text="It leaves at 10:00 in each time zone. You can stop it until then."
                act="Send at 10:00"
                onAct={() => {}}
              />
              <Button onClick={() => setSheet(true)}>Sheet</Button>
              <Sheet open={sheet} onOpenChange={setSheet} title="Amara Okafor">
                <p className="p-4">About her.</p>
              </Sheet>
              <Button
                onClick={() =>
                  tell({ text: "Sent to Amara.", icon: <Send className="i s" />, undo: () => {} })
                }
              >
                Toast
              </Button>
              <Button onClick={() => tell({ text: "Mastodon does not answer.", bad: true })}>
                Bad toast
              </Button>
              <Kbd k="mod+k" />
            </div>
          </Box>
          <Box title="Empty">
            <Empty
              title="Nobody is waiting."
              acts={
                <>
                  <Button size="sm">Connect a channel</Button>
                  <Button look="g" size="sm">
                    Practise first
                  </Button>
                </>
              }
            >
              New messages appear here by themselves.
            </Empty>
          </Box>
          <Box title="Loading">
            <Skeleton rows={3} />
          </Box>
          <Box title="Failed">
            <Failed error={new Problem("Mastodon does not answer.", {})} onRetry={() => {}}>
              We try again in 40 seconds. Nothing you wrote is lost.
            </Failed>
          </Box>
          <Box title="Composer">
            <Composer
              door={door}
              onDoor={setDoor}
              text={text}
              onText={setText}
              onSend={() => {}}
              to="Amara"
              audience={
                door === "note"
                  ? "Stays inside Brewell"
                  : door === "direct"
                    ? "Only Amara sees this"
                    : "About 12,400 can see this"
              }
              room={{ left: 500 - text.length, max: 500, fits: text.length <= 500, network: "Mastodon" }}
              saved="Draft kept"
            />
            <Suggestion
              source="from Loan kettles by store, used 61 times"
              text="A loan kettle from the nearest store the same day."
              onUse={() => {}}
            />
          </Box>
          <Box title="Messages">
            <Happened at={now}>found by the monitor “K2 recall”</Happened>
            <Theirs
              name="Amara Okafor"
              at={now}
              visibility="public"
              channel={{ kind: "mastodon" }}
              unverified
              text="Is hers one of them? She uses it every morning."
              end={<Sentiment label="negative" score={0.81} confidence={0.81} />}
            />
            <Public
              name="Jonas Lindqvist"
              at={now}
              text="Amara, please let her leave it cold for now: https://example.org/recall"
              meta={<Delivery state="confirmed" />}
            />
            <div className="flex flex-col">
              <Direct
                name="Jonas Lindqvist"
                at={now}
                text="What does the number on the base say?"
                meta={<Delivery state="queued" />}
              />
              <Direct
                name="Jonas Lindqvist"
                at={now}
                text="The lid is in the post."
                meta={
                  <>
                    <Delivery state="delivered" />
                    <Delivery state="read" />
                  </>
                }
              />
            </div>
            <Note name="Priya Raman" at={now} text="Don’t name a refund date yet." house="Brewell" />
          </Box>
          <Box title="Approval, timeline">
            <ul className="flex flex-col gap-2.5">
              <Step state="done" end="09:20">
                Jonas Lindqvist wrote it
              </Step>
              <Step state="now" end="due 09:37">
                Maya Dubois, mentor, reads it
              </Step>
              <Step state="later" end="after that">
                Legal, because it names a refund
              </Step>
            </ul>
            <Timeline label="Timeline">
              <TimelineItem tone="trouble">Asked about the recall</TimelineItem>
              <TimelineItem tone="ours">Jonas answered in public</TimelineItem>
              <TimelineItem>Voted for “one-handed lid”</TimelineItem>
            </Timeline>
          </Box>
          <Box title="Charts" wide>
            <ChartFrame
              title="Posts per hour"
              def={{ word: "what counts", text: "Everything the monitor matched." }}
              aside={<Swatch dashed>same days last week</Swatch>}
              table={{ head: ["Hour", "Posts"], rows: hours.map((h) => [h.key, h.value]) }}
              n={3270}
              readAt={now}
              missing="not available from Yelp"
            >
              <Columns
                columns={hours}
                label="Flat near 50, then 820, 1,390 and 964."
                chosen={span}
                onChoose={setSpan}
                note={{
                  at: 55,
                  lines: [
                    "07:40 · @teakettle.club, 41,000 followers",
                    "11.4 standard deviations above a usual Saturday",
                  ],
                }}
              />
            </ChartFrame>
            <FeelingBar of={{ negative: 58, neutral: 31, positive: 11 }} />
            <div className="flex items-center gap-8">
              <Sparkline values={[2, 3, 2, 4, 9, 12]} label="rising" />
              <Bars values={[1, 1, 2, 1, 1, 2, 8, 11, 9]} hot={(i) => i > 5} label="a spike" />
              <div className="w-68">
                <FeelingColumns
                  label="mood"
                  of={[
                    { key: "a", negative: 0, neutral: 1, positive: 3 },
                    { key: "b", negative: 2, neutral: 1, positive: 1 },
                    { key: "c", negative: 4, neutral: 0, positive: 0 },
                  ]}
                />
              </div>
            </div>
            <GovernFrame
              label="Govern"
              facts={
                <>
                  <span>
                    <b>14</b> programmes
                  </span>
                  <span className="wait">
                    <b>3</b> approvals wait
                  </span>
                  <span>
                    <b>96%</b> have read the wording
                  </span>
                </>
              }
            >
              <LoopRibbon
                loop={{ heard: 12480, matched: 4992, answered: 1248, learned: 9, perLine: 312, hot: 0.69 }}
                words={{
                  heard: "heard since midnight",
                  matched: "about Brewell",
                  answered: "answered",
                  learned: "findings",
                }}
                joints={[
                  { value: "4 s", word: "to read and sort" },
                  { value: "7 min", word: "to reach someone" },
                  { value: "19 min", word: "to be answered" },
                ]}
                back="3 decisions changed what we listen for"
              />
            </GovernFrame>
          </Box>
        </div>
      </div>
    </main>
  );
}
