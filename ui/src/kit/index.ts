export { AppLink } from "./AppLink";
export { Avatar, Stack } from "./Avatar";
export { Button, btn, type Look, type Size } from "./Button";
export { ChannelMark } from "./Channel";
export { ChartFrame, type Grid, NoData } from "./ChartFrame";
export { Checkbox, Pick, Switch } from "./Check";
export { Badge, Chip, Count, type Tone } from "./Chip";
export { type Column, Columns, Swatch } from "./Columns";
export { Composer, type Door } from "./Composer";
export { asGroup, type Cond, type CondField, Conditions, type CondType, condText, tests } from "./Conditions";
export { Confirm, Dialog, DialogClose, Sheet } from "./Dialog";
export { FeelingBar, FeelingColumns, type Feelings, net } from "./Feeling";
export { Field, Input, Textarea } from "./Field";
export { Finder, type Found } from "./Finder";
export { Kbd } from "./Kbd";
export { HoldLine, PlaceHold } from "./LegalHold";
export { GovernFrame, LoopRibbon } from "./LoopRibbon";
export { Menu, MenuItem, MenuLabel, MenuLine, MenuNote } from "./Menu";
export { Delivery, type DeliveryState, Direct, Happened, Note, Public, Theirs } from "./Message";
export {
  AsideButton,
  AsidePart,
  FindBox,
  Page,
  PageBody,
  Shelf,
  ShelfButton,
  ShelfHead,
  ShelfLink,
  useAside,
} from "./Page";
export { Palette } from "./Palette";
export { Press } from "./Press";
export { Progress } from "./Progress";
export { Reading } from "./Reading";
export { Facts, RowBody, Section, Table } from "./Row";
export { perLine } from "./ribbon";
export { type Choice, Select } from "./Select";
export { SelectMany } from "./SelectMany";
export {
  asFeeling,
  type Feeling,
  type Felt,
  feelingOf,
  feelingWord,
  Sentiment,
  Sign,
  Suggestion,
} from "./Sentiment";
export { Bars, Sparkline } from "./Sparkline";
export { Empty, Failed, Skeleton, States } from "./States";
export { type Part, Segments, Tabs } from "./Tabs";
export { TagChip, TagChips, type TagLike } from "./TagChip";
export { Time } from "./Time";
export { Step, Timeline, TimelineItem } from "./Timeline";
export { Def, Tip } from "./Tip";
export { Toasts, tell } from "./Toast";
export { Joint, Mark, Turn, type Whose } from "./Turn";
export { useWidth } from "./useWidth";
export { Waits } from "./Waits";
export { With, type WithFile } from "./With";
