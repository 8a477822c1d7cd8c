package encoder

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parley-crm/parley/social"
)

func model(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// said is the likeliest label of each task.
func said(r Reading) []string {
	out := make([]string, Wants)
	for i, t := range Tasks() {
		best := 0
		for k, p := range r[i] {
			if p > r[i][best] {
				best = k
			}
		}
		out[i] = t.Labels[best]
	}
	return out
}

func TestWhatTheEncoderSays(t *testing.T) {
	tests := []struct{ text, sentiment, emotion, toxicity string }{
		{"I love this kettle, thank you so much!", social.Positive, social.Joy, social.NotOffensive},
		{"I am so angry at these people, furious!", social.Negative, social.Anger, ""},
		{"Kettle leaked over the whole counter, ruined my morning", social.Negative, "", ""},
		{"Heartbroken. They closed our little shop and I cried all evening.", social.Negative, social.Sadness, social.NotOffensive},
		{"Keep going, tomorrow will be a better day", social.Positive, social.Optimism, social.NotOffensive},
		{"You are a stupid lying bitch", social.Negative, social.Anger, social.Offensive},
		{"The shop opens at nine on Monday", social.Neutral, "", social.NotOffensive},
	}
	texts := make([]string, len(tests))
	for i, tt := range tests {
		texts[i] = tt.text
	}
	for i, r := range model(t).Read(texts) {
		got := said(r)
		for k, want := range []string{tests[i].sentiment, tests[i].emotion, tests[i].toxicity} {
			if want != "" && got[k] != want {
				t.Errorf("%q: %s is %s, want %s (%.2f)", tests[i].text, Tasks()[k].Name, got[k], want, r[k])
			}
		}
	}
}

// TestTogetherAsAlone reads texts of all lengths in one batch, one by one and
// from several goroutines: neighbours must not be heard through the wall.
func TestTogetherAsAlone(t *testing.T) {
	m := model(t)
	var texts []string
	for n := range 40 {
		texts = append(texts, strings.Repeat("my kettle leaks again and ", n)+"so it does")
	}
	texts = append(texts, "", "@nobody", strings.Repeat("ever ", 100_000))
	together := m.Read(texts)
	var wg sync.WaitGroup
	for i, text := range texts {
		wg.Go(func() {
			alone := m.Read([]string{text})[0]
			if (alone == nil) != (together[i] == nil) {
				t.Errorf("text %d: alone %v, together %v", i, alone, together[i])
				return
			}
			for k := range alone {
				for j, p := range alone[k] {
					if d := p - together[i][k][j]; d > 1e-5 || d < -1e-5 {
						t.Errorf("text %d: task %d differs by %g", i, k, d)
					}
				}
			}
		})
	}
	wg.Wait()
	if together[len(texts)-2] != nil || together[len(texts)-3] != nil {
		t.Error("a text without words has no reading")
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	for _, file := range [][]byte{nil, []byte("parley"), []byte(magic), weights[:len(weights)-1], append(slices.Clone(weights), 0)} {
		if _, err := Load(file); err == nil {
			t.Errorf("%d bytes were taken for a model", len(file))
		}
	}
	for _, file := range [][]byte{nil, []byte("parley"), []byte(wantsMagic), wantsWeights[:len(wantsWeights)-1], append(slices.Clone(wantsWeights), 0)} {
		if _, err := readWants(file); err == nil {
			t.Errorf("%d bytes were taken for a head", len(file))
		}
	}
}
