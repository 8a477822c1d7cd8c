import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, ok } from "./api";

export type Scores = Got<"/api/activities/{id}/scores">;
export type Part = "sentiment" | "emotions" | "intents" | "toxicity";

// useScores is all that is said of one text, asked for when somebody looks.
export function useScores(activity: string, on: boolean) {
  return useQuery({
    queryKey: ["scores", activity],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/activities/{id}/scores", { params: { path: { id: activity } }, signal })),
    enabled: on,
  });
}

// useCorrect says what a text means instead of the model, or takes that back.
// Whatever shows scores is asked for again.
export function useCorrect(activity: string) {
  const cache = useQueryClient();
  const fresh = (now: Scores) => {
    cache.setQueryData(["scores", activity], now);
    void cache.invalidateQueries({ predicate: (q) => q.queryKey[0] !== "scores" });
  };
  return {
    say: useMutation({
      mutationFn: ({ part, labels }: { part: Part; labels: string[] }) =>
        ok(
          api.POST("/api/activities/{id}/corrections", {
            params: { path: { id: activity } },
            body: { part, labels },
          }),
        ),
      onSuccess: fresh,
    }),
    undo: useMutation({
      mutationFn: (part: Part) =>
        ok(
          api.DELETE("/api/activities/{id}/corrections/{part}", { params: { path: { id: activity, part } } }),
        ),
      onSuccess: fresh,
    }),
  };
}

export const emotions = ["anger", "joy", "optimism", "sadness"] as const;
export const intents = [
  "question",
  "complaint",
  "praise",
  "request",
  "purchase",
  "idea",
  "churn_risk",
  "job",
  "event",
  "spam",
] as const;

// emotionName says an emotion in this language.
export function emotionName(label: string): string {
  switch (label) {
    case "anger":
      return t`anger`;
    case "joy":
      return t`joy`;
    case "optimism":
      return t`optimism`;
    case "sadness":
      return t`sadness`;
    default:
      return label;
  }
}

// topicName says a topic in this language.
export function topicName(label: string): string {
  switch (label) {
    case "delivery":
      return t`delivery`;
    case "price":
      return t`price`;
    case "billing":
      return t`billing`;
    case "quality":
      return t`quality`;
    case "safety":
      return t`safety`;
    case "support":
      return t`support`;
    case "digital":
      return t`app and website`;
    case "availability":
      return t`availability`;
    case "staff":
      return t`staff`;
    case "place":
      return t`the place`;
    case "returns":
      return t`returns and repairs`;
    case "environment":
      return t`environment`;
    case "privacy":
      return t`privacy`;
    case "features":
      return t`features`;
    case "outage":
      return t`outage`;
    case "taste":
      return t`food and taste`;
    default:
      return label.replaceAll("_", " ");
  }
}
