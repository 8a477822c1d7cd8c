package train

import (
	"testing"

	"github.com/parley-crm/parley/analyze/emotion"
	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// A model learns from what the encoder says of the texts of other sets, never
// of those that it has labels for.
func TestTheEncoderTeaches(t *testing.T) {
	dir := toySentiment(t)
	feeling, err := sentiment.Default()
	if err != nil {
		t.Fatal(err)
	}
	all, err := hear(dir)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, h := range all {
		count[h.set]++
	}
	if count["emotion"] != 40 || count["offensive"] != 20 || count["sentiment"] != 90 {
		t.Fatalf("heard %v", count)
	}
	labels := emotion.Recipe().Labels
	lesson, err := emotionHearing.lesson("emotion", all, labels, feeling)
	if err != nil {
		t.Fatal(err)
	}
	if len(lesson) != 110 || lesson[0].Weight != emotionHearing.weight || len(lesson[0].Soft) != len(labels) {
		t.Fatalf("%d texts, the first %v", len(lesson), lesson[0].Soft)
	}
	if _, err := toxicityHearing.lesson("offensive", all, labels, feeling); err == nil {
		t.Error("what is said of offence was taken for emotions")
	}

	// Where the encoder is sure of something that no label says, the model
	// says it too.
	for i := range all {
		said := append(encoder.Reading(nil), all[i].said...)
		said[emotionHearing.task] = []float32{0, 0, 1, 0}
		all[i].said = said
	}
	alone, err := trainEmotion(dir, feeling, nil)
	if err != nil {
		t.Fatal(err)
	}
	taught, err := trainEmotion(dir, feeling, all)
	if err != nil {
		t.Fatal(err)
	}
	bus, err := Choices(dir, "offensive", "val", []string{"offensive", "not-offensive"}, feeling)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]float32, len(labels))
	before := alone.Probabilities(alone.Predict(&bus[1], out))[2]
	if after := taught.Probabilities(taught.Predict(&bus[1], out))[2]; after <= before || after < 0.5 {
		t.Errorf("optimism has %.2f where the encoder is sure of it, %.2f without it", after, before)
	}
}
