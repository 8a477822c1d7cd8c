package guides_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
)

// fences returns the blocks of a guide that are marked with a word, line by line.
func fences(t *testing.T, guide, mark string) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(browser.Root(), "docs", "guides", guide))
	if err != nil {
		t.Fatal(err)
	}
	var found [][]string
	var block []string
	inside := false
	for _, line := range strings.Split(string(text), "\n") {
		switch {
		case !inside && line == "```"+mark:
			inside, block = true, nil
		case inside && line == "```":
			inside, found = false, append(found, block)
		case inside:
			block = append(block, line)
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s has no block marked %s", guide, mark)
	}
	return found
}
