package train

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// pooled is a data directory with a pool, and what a teacher said of it: that
// everything is surely the label.
func pooled(t *testing.T, label byte) (dir string, pool []Pooled) {
	t.Helper()
	dir = toySentiment(t)
	for _, set := range []string{"irony", "banking77", "clinc150"} {
		write(t, dir, set, "train", strings.Repeat(`{"text":"is my card on its way","label":"x"}`+"\n", 7))
	}
	pool, err := IntentPool(dir)
	if err != nil {
		t.Fatal(err)
	}
	k := len(intent.Labels())
	said := make([]byte, (folds+1)*len(pool)*k)
	for i := range (folds + 1) * len(pool) {
		said[i*k+int(label)] = 255
	}
	file := filepath.Join(dir, TaughtFile)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, said, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir, pool
}

func TestThePoolIsAlwaysTheSame(t *testing.T) {
	dir, pool := pooled(t, 0)
	again, err := IntentPool(dir)
	if err != nil {
		t.Fatal(err)
	}
	posts, err := IntentPosts()
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i, p := range pool {
		if p != again[i] {
			t.Fatalf("text %d is %q and then %q", i, p.Text, again[i].Text)
		}
		if p.From >= 0 && p.Text != posts[p.From].Text {
			changed++
		}
	}
	if changed < len(posts)*variants/2 {
		t.Errorf("only %d of the variants of %d posts differ from them", changed, len(posts))
	}
}

// A fold's posts and their variants teach nothing to the model that the fold
// is measured by.
func TestTheTeacherKeepsFoldsApart(t *testing.T) {
	dir, _ := pooled(t, 3)
	feeling, err := sentiment.Default()
	if err != nil {
		t.Fatal(err)
	}
	told, err := readTaught(dir, feeling)
	if err != nil {
		t.Fatal(err)
	}
	all := len(told.lesson(allFolds))
	if all == 0 {
		t.Fatal("nothing is learnt")
	}
	var left int
	for i := range told.from {
		if told.from[i] >= 0 && told.from[i]%folds == 2 {
			left++
		}
	}
	if n := len(told.lesson(2)); left == 0 || n != all-left {
		t.Errorf("without fold 2 there are %d of %d, though %d are of that fold", n, all, left)
	}
	for _, e := range told.lesson(0)[:5] {
		if e.Soft[3] != 1 || e.Soft[4] != 0 {
			t.Errorf("the teacher said %v", e.Soft)
		}
	}
}

func TestAnAnswerToAnotherPoolIsRefused(t *testing.T) {
	dir, _ := pooled(t, 0)
	if err := os.Truncate(filepath.Join(dir, TaughtFile), 1000); err != nil {
		t.Fatal(err)
	}
	feeling, err := sentiment.Default()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readTaught(dir, feeling); err == nil || !strings.Contains(err.Error(), "teach.py") {
		t.Errorf("a file of another pool gives %v", err)
	}
}
