// Package ui holds the built web app. The build lies in an ignored folder; where
// it was not made, a small page that says so stands in.
package ui

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed unbuilt.html
var unbuilt []byte

// Files is the built app: index.html and hashed files under assets/. Without a
// build it holds no index.html.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only a malformed path fails, and this one is a constant
	}
	return sub
}

// Index is the page of the app, or the page that stands in for it; built says which.
func Index() (page []byte, built bool) {
	page, err := dist.ReadFile("dist/index.html")
	if err != nil {
		return unbuilt, false
	}
	return page, true
}
