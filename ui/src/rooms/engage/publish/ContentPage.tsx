import { t } from "@lingui/core/macro";
import { getRouteApi } from "@tanstack/react-router";
import { Page, PageBody, States } from "../../../kit";
import { Compose } from "./Compose";
import { useContent } from "./data";
import { HeldBar } from "./Holds";
import { Review } from "./Review";
import { PublishShelf, shelfName } from "./Shelf";

const one = getRouteApi("/frame/publish/$id");
const fresh = getRouteApi("/frame/publish/new");

// ContentPage is one content: its words on every channel, and the talk about it.
export function ContentPage() {
  const { id } = one.useParams();
  const content = useContent(id);
  const name = content.data?.name || t`Post`;
  return (
    <Page
      name={name}
      title={name}
      shelf={<PublishShelf />}
      shelfName={shelfName()}
      aside={content.data && <Review of={content.data} />}
      asideName={t`Review`}
    >
      <HeldBar />
      <PageBody>
        <States of={content}>{(c) => <Compose key={c.id} of={c} />}</States>
      </PageBody>
    </Page>
  );
}

// NewContent is where a post begins; it is kept from its first word on.
export function NewContent() {
  const { at } = fresh.useSearch();
  return (
    <Page name={t`Write a post`} title={t`Write a post`} shelf={<PublishShelf />} shelfName={shelfName()}>
      <HeldBar />
      <PageBody>
        <Compose at={at} />
      </PageBody>
    </Page>
  );
}
