// Package arch holds the walls of the house as a test: which package may
// import which of ours, and which doors to the outside are closed.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/parley-crm/parley/"

const room = "listen|analyze|people|engage|community|evolve|govern"

// walls: what each kind of package may import of ours. The first pattern that
// matches a package's path counts; a package that matches none has no place
// in the house yet. $1 stands for the first group of the pattern.
var walls = []struct{ path, may string }{
	{`social`, ``},
	{`kit/\w+`, `kit/\w+|social`},
	{`third_party/\w+`, ``},
	{`(` + room + `)/$1db`, `$1|$1/\w+|store|social|kit/\w+`},
	{`people/privacyapi`, `people|people/\w+|server|social|kit/\w+`},
	{`people/privacydb`, `people|people/\w+|store|social|kit/\w+`},
	{`people/segmentdb`, `people|people/segment|store|social|kit/\w+`},
	{`people/foreseedb`, `people|people/\w+|store|social|kit/\w+`},
	{`people/dealdb`, `people|people/deal|people/segment|store|social|kit/\w+`},
	{`engage/pacedb`, `engage/\w+|store|social|kit/\w+`},
	{`engage/knowdb`, `engage/know|store|social|kit/\w+`},
	{`engage/hivedb`, `engage|engage/hive|store|social|kit/\w+`},
	{`engage/publishdb`, `engage/publish|store|social|kit/\w+`},
	{`engage/surveydb`, `engage/survey|store|social|kit/\w+`},
	{`engage/surveyapi`, `engage|engage/survey|server|social|kit/\w+`},
	{`engage/publishapi`, `engage/publish|server|social|kit/\w+`},
	{`engage/(publish|moderate)`, `engage|engage/\w+|social|kit/\w+|channel`},
	{`(` + room + `)/$1api`, `$1|$1/\w+|server|social|kit/\w+`},
	{`(listen|engage)`, `$1/\w+|social|kit/\w+|channel`}, // ADR 0007: the contract, never an adapter
	{`(` + room + `)`, `$1/\w+|social|kit/\w+`},
	{`(` + room + `)/\w+`, `$1|$1/\w+|social|kit/\w+|third_party/\w+`},
	{`channel`, `social|kit/\w+`},
	{`channel/channeltest`, `channel|social|kit/\w+`},
	{`channel/\w+`, `channel|social|kit/\w+|third_party/\w+`},
	{`store`, `social|kit/\w+`},
	{`store/storetest`, `store|social|kit/\w+`},
	{`server`, `store|social|kit/\w+`},
	{`ui`, ``},
	{`cmd/parley(/\w+)*`, `.*`},
	{`e2e(/\w+)*`, `.*`},
	{`internal/arch`, ``},
}

// inTests: tests may also import these.
const inTests = `store|store/storetest|channel|channel/\w+|server|social|kit/\w+`

// closed doors: selectors that only the named packages may use.
var closed = []struct{ what, only string }{
	{"http.DefaultClient", ``},
	{"http.Get", ``}, {"http.Post", ``}, {"http.Head", ``}, {"http.PostForm", ``},
	{"http.DefaultTransport", `kit/safe`},
	{"net.Dial", `kit/safe`}, {"net.DialTimeout", `kit/safe`}, {"net.Dialer", `kit/safe`},
	{"tls.Dial", `kit/safe`},
}

type source struct {
	path  string // of the package, below the module
	file  string
	lines int
	test  bool
	ast   *ast.File
}

// allowed returns the pattern of what a package may import, and whether it
// has a place in the house at all.
func allowed(path string) (string, bool) {
	for _, w := range walls {
		pattern := w.path
		for r := range strings.SplitSeq(room, "|") { // Go's regexp has no back-references
			m := regexp.MustCompile("^(?:" + strings.ReplaceAll(pattern, "$1", r) + ")$").FindStringSubmatch(path)
			if m == nil || (strings.Contains(pattern, "$1") && m[1] != r) {
				continue
			}
			first := ""
			if len(m) > 1 {
				first = m[1]
			}
			return strings.ReplaceAll(w.may, "$1", first), true
		}
	}
	return "", false
}

// verdict says why a package may not import another, "" if it may.
func verdict(path, imported string, test bool) string {
	may, ok := allowed(path)
	if !ok {
		return path + " has no place in the house yet: give it one in walls"
	}
	if imported == path && test {
		return ""
	}
	if may != "" && regexp.MustCompile("^(?:"+may+")$").MatchString(imported) {
		return ""
	}
	if test && regexp.MustCompile("^(?:"+inTests+")$").MatchString(imported) {
		return ""
	}
	if own, _, _ := strings.Cut(path, "/"); test && (imported == own || strings.HasPrefix(imported, own+"/")) {
		return "" // a room's tests may use the whole room
	}
	return path + " must not import " + imported
}

func TestWalls(t *testing.T) {
	sizes := map[string]int{}
	for _, s := range sources(t) {
		if s.path == "." {
			t.Errorf("%s: no Go files at the root", s.file)
			continue
		}
		for _, i := range s.ast.Imports {
			name, _ := strconv.Unquote(i.Path.Value)
			if ours, ok := strings.CutPrefix(name, module); ok {
				if why := verdict(s.path, ours, s.test); why != "" {
					t.Errorf("%s: %s", s.file, why)
				}
			} else if s.path == "social" && !s.test && strings.Contains(strings.SplitN(name, "/", 2)[0], ".") {
				t.Errorf("%s: social has no modules, found %s", s.file, name)
			}
		}
		if !s.test {
			sizes[s.path] += s.lines
		}
	}
	for path, n := range sizes {
		if n > 6000 {
			t.Errorf("%s has %d lines; split it before it grows past 6,000", path, n)
		}
	}
}

func TestDoors(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.path, "e2e") {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := sel.X.(*ast.Ident)
			if !ok {
				return true
			}
			for _, d := range closed {
				if pkg.Name+"."+sel.Sel.Name == d.what && s.path != d.only {
					t.Errorf("%s uses %s: the way out is kit/safe", s.file, d.what)
				}
			}
			return true
		})
	}
}

// TestTheWallsStand proves that the rules can refuse.
func TestTheWallsStand(t *testing.T) {
	tests := []struct {
		from, to string
		refused  bool
	}{
		{"engage", "people", true},
		{"engage", "channel", false},
		{"engage", "channel/mastodon", true},
		{"people", "channel", true},
		{"engage/engagedb", "store", false},
		{"engage/engagedb", "server", true},
		{"engage/engageapi", "server", false},
		{"engage/engageapi", "store", true},
		{"engage", "store", true},
		{"listen/query", "social", false},
		{"listen/query", "analyze", true},
		{"channel/feed", "channel/mastodon", true},
		{"channel/feed", "kit/safe", false},
		{"social", "kit/id", true},
		{"store", "listen", true},
		{"nowhere", "social", true},
		{"cmd/parley", "engage/engagedb", false},
	}
	for _, tt := range tests {
		if got := verdict(tt.from, tt.to, false) != ""; got != tt.refused {
			t.Errorf("%s → %s: refused %v, want %v", tt.from, tt.to, got, tt.refused)
		}
	}
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && p != "." || d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "data" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") {
			return nil
		}
		text, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		out = append(out, source{path: filepath.ToSlash(filepath.Dir(p)), file: p, lines: strings.Count(string(text), "\n"), test: strings.HasSuffix(p, "_test.go"), ast: f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("found only %d files: is the test looking at the house?", len(out))
	}
	return out
}
