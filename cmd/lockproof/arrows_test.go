package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/lockproof/lockproof/"

// arrows says from which rooms each room may import. A room is a folder with all that is below it,
// unless that has a line of its own; below itself a room may import. What is not named here may not
// be there: a new room gets a line where DESIGN puts it.
//
// Arrows point one way: cmd -> reports -> checker -> model, and scenarios -> csource -> model.
// Tests may look further, for they compare rooms with each other.
var arrows = map[string]string{
	"model":              "",
	"model/printable":    "",
	"model/modeltest":    "model",
	"csource/meter":      "",
	"csource/files":      "",
	"csource/vocabulary": "model",
	"csource/syntax":     "csource/meter model model/printable",
	"csource/flow":       "csource/meter csource/syntax csource/vocabulary model",
	"csource/constraint": "csource/meter csource/syntax csource/vocabulary model",
	"csource/lower":      "csource/constraint csource/flow csource/meter csource/syntax csource/vocabulary model",
	"csource/interp":     "csource/syntax csource/vocabulary model",
	"csource/tree":       "csource/files csource/meter csource/syntax model",
	"driver":             "",
	"driver/drivertest":  "driver",
	"scenarios":          "csource/files csource/lower csource/meter csource/syntax model model/printable",
	"checker/batch":      "",
	"checker/search":     "model",
	"checker/diagnose":   "model",
	"checker/lockorder":  "checker/search model",
	"checker/starvation": "checker/search model",
	"checker/crosscheck": "checker/search model",
	"checker/measure":    "checker/crosscheck checker/search model scenarios",
	"checker/schedule":   "driver model",
	"checker/linear":     "driver model",
	"checker/stress":     "checker/linear driver model",
	"checker/planted":    "",
	"checker/typestate":  "csource/flow csource/meter csource/syntax csource/tree csource/vocabulary model",
	"checker/conform":    "checker/schedule checker/search csource/interp csource/lower csource/syntax csource/vocabulary driver model scenarios",
	"reports/ci":         "reports/staging",
	"reports/staging":    "csource/files",
	"reports":            "csource/files csource/syntax model model/printable reports/staging",
	"libvirt":            "checker/diagnose checker/lockorder model",
	"reports/answers": "checker/conform checker/diagnose checker/linear checker/lockorder checker/schedule checker/search " +
		"checker/starvation checker/stress model reports scenarios",
	"reports/terminal":    "checker/search csource/syntax model model/printable reports scenarios",
	"reports/formats":     "model model/printable reports reports/terminal",
	"reports/page":        "model reports reports/terminal",
	"reports/folder":      "reports reports/formats reports/page reports/staging",
	"reports/reportstest": "checker/lockorder checker/search model reports reports/answers scenarios",
	"cmd/mutants":         "",
	"cmd/lockproof": "checker/batch checker/conform checker/crosscheck checker/diagnose checker/linear checker/lockorder checker/measure " +
		"checker/schedule checker/search checker/starvation checker/stress csource/files csource/lower csource/meter csource/syntax driver " +
		"libvirt model model/printable reports reports/answers reports/ci reports/folder reports/formats reports/page reports/staging " +
		"reports/terminal scenarios",
}

// roomOf is the room in which a folder lies; "" when it has none.
func roomOf(folder string) string {
	for dir := folder; dir != "."; dir = filepath.ToSlash(filepath.Dir(dir)) {
		if _, ok := arrows[dir]; ok {
			return dir
		}
	}
	return ""
}

func TestArrows(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != root && (strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata"):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files++
		checkImports(t, path, filepath.ToSlash(name))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 300 {
		t.Errorf("only %d files were looked at", files)
	}
}

func checkImports(t *testing.T, path, name string) {
	t.Helper()
	room := roomOf(filepath.ToSlash(filepath.Dir(name)))
	if room == "" {
		t.Errorf("%s lies in no room: enter the room in arrows", name)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, i := range f.Imports {
		target, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Error(err)
		}
		inner, ours := strings.CutPrefix(target, module)
		if to := roomOf(inner); ours && to != room && !slices.Contains(strings.Fields(arrows[room]), to) {
			t.Errorf("%s imports %s: no arrow leads from %s to there", name, inner, room)
		}
	}
}

// A room that says that it may import what it does not, or that is not there, would hide the next
// mistake.
func TestArrowsPointDown(t *testing.T) {
	depth := map[string]int{}
	var visit func(room string, path []string) int
	visit = func(room string, path []string) int {
		if slices.Contains(path, room) {
			t.Fatalf("a circle: %s", strings.Join(append(path, room), " -> "))
		}
		if d, ok := depth[room]; ok {
			return d
		}
		d := 0
		for _, to := range strings.Fields(arrows[room]) {
			if _, ok := arrows[to]; !ok {
				t.Fatalf("%s may import %s, which is no room", room, to)
			}
			d = max(d, 1+visit(to, append(path, room)))
		}
		depth[room] = d
		return d
	}
	for room := range arrows {
		visit(room, nil)
	}
}
