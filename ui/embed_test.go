package ui

import (
	"bytes"
	"io/fs"
	"testing"
)

func TestIndexAlwaysAnswers(t *testing.T) {
	page, built := Index()
	if !bytes.Contains(page, []byte("<!doctype html>")) {
		t.Fatalf("not a page: %.80q", page)
	}
	_, err := fs.Stat(Files(), "index.html")
	if built != (err == nil) {
		t.Errorf("built = %v, but index.html: %v", built, err)
	}
}

func TestThePageThatStandsInSaysHowToBuild(t *testing.T) {
	if !bytes.Contains(unbuilt, []byte("make run")) {
		t.Error("the page does not name the command")
	}
}
