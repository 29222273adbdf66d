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

// layers are the rooms, lowest first: no package imports one of a layer above its own. This is
// DESIGN's cmd -> reports -> libvirt -> checker -> scenarios -> csource -> model.
var layers = []string{"model", "driver", "csource", "scenarios", "checker", "libvirt", "reports", "cmd"}

// arrows says for each package which of ours it imports: no more, and no less. A package that is
// not named here may not be there. Tests may look further, for they compare packages with each
// other.
var arrows = map[string]string{
	"model":           "",
	"model/modeltest": "model",
	"model/printable": "",

	"driver":            "",
	"driver/drivertest": "driver",

	"csource/constraint": "csource/meter csource/syntax csource/vocabulary model",
	"csource/files":      "",
	"csource/flow":       "csource/meter csource/syntax csource/vocabulary model",
	"csource/interp":     "csource/syntax csource/vocabulary model",
	"csource/lower":      "csource/constraint csource/flow csource/meter csource/syntax csource/vocabulary model",
	"csource/meter":      "",
	"csource/syntax":     "csource/meter model model/printable",
	"csource/slice":      "csource/syntax csource/tree csource/vocabulary model",
	"csource/tree":       "csource/files csource/syntax csource/vocabulary",
	"csource/vocabulary": "model",

	"scenarios":           "csource/files csource/lower csource/meter csource/slice csource/syntax csource/tree model model/printable",
	"scenarios/smalltest": "",

	"checker/batch": "",
	"checker/conform": "checker/conform/era checker/schedule/coroutine checker/search csource/interp csource/lower " +
		"csource/syntax csource/vocabulary driver model scenarios",
	"checker/conform/era":           "driver",
	"checker/crosscheck":            "checker/search model",
	"checker/diagnose":              "model",
	"checker/diagnose/diagnosetest": "checker/diagnose",
	"checker/diagnose/jobs":         "checker/diagnose model",
	"checker/linear":                "driver model",
	"checker/lint":                  "checker/typestate csource/syntax csource/tree model",
	"checker/lockorder":             "checker/search model",
	"checker/measure":               "checker/crosscheck checker/search model scenarios",
	"checker/planted":               "",
	"checker/schedule":              "checker/schedule/coroutine driver model",
	"checker/schedule/coroutine":    "",
	"checker/search":                "model",
	"checker/starvation":            "checker/search model",
	"checker/stress":                "checker/linear driver model",
	"checker/typestate":             "csource/flow csource/syntax csource/tree csource/vocabulary model",

	"checker/mutate": "checker/batch checker/lockorder checker/mutate/operator checker/search " +
		"checker/starvation csource/meter csource/syntax model scenarios",
	"checker/mutate/operator": "csource/syntax csource/vocabulary model",

	"libvirt": "checker/diagnose libvirt/helgrind libvirt/locktrace libvirt/logs libvirt/stacks " +
		"libvirt/systemtap libvirt/virsh",
	"libvirt/api":       "checker/diagnose checker/linear model",
	"libvirt/backtrace": "libvirt/lazy libvirt/plain",
	"libvirt/eras":      "checker/typestate csource/syntax csource/tree model scenarios",
	"libvirt/helgrind":  "checker/diagnose libvirt/backtrace libvirt/lazy libvirt/plain libvirt/protocol model",
	"libvirt/lazy":      "",
	"libvirt/locktrace": "checker/diagnose checker/lockorder libvirt/plain libvirt/protocol model",
	"libvirt/logs":      "checker/diagnose checker/diagnose/jobs libvirt/lazy",
	"libvirt/outline":   "csource/syntax csource/vocabulary model scenarios",
	"libvirt/plain":     "libvirt/lazy",
	"libvirt/protocol":  "libvirt/backtrace libvirt/lazy",
	"libvirt/stacks":    "checker/diagnose libvirt/backtrace libvirt/lazy libvirt/plain libvirt/protocol model",
	"libvirt/systemtap": "checker/diagnose libvirt/backtrace libvirt/lazy libvirt/plain libvirt/stacks model",
	"libvirt/virsh":     "checker/diagnose libvirt/lazy libvirt/plain",

	"reports": "csource/files csource/syntax model model/printable reports/staging",
	"reports/answers": "checker/conform checker/diagnose checker/linear checker/lint checker/lockorder checker/mutate checker/mutate/operator checker/schedule " +
		"checker/search checker/starvation checker/stress checker/typestate csource/tree model reports scenarios",
	"reports/ci":          "reports/staging",
	"reports/folder":      "reports reports/formats reports/page reports/staging",
	"reports/formats":     "model model/printable reports reports/terminal",
	"reports/page":        "model reports reports/terminal",
	"reports/reportstest": "checker/lockorder checker/search model reports reports/answers scenarios",
	"reports/staging":     "csource/files",
	"reports/terminal":    "model model/printable reports scenarios",

	"cmd/lockproof": "checker/batch checker/conform checker/crosscheck checker/diagnose checker/linear checker/lint " +
		"checker/lockorder checker/measure checker/mutate checker/mutate/operator checker/schedule checker/search checker/starvation " +
		"checker/stress checker/typestate csource/files csource/lower csource/meter csource/syntax csource/tree driver libvirt libvirt/api libvirt/eras libvirt/outline model " +
		"model/printable reports reports/answers reports/ci reports/folder reports/formats reports/page " +
		"reports/staging reports/terminal scenarios",
	"cmd/mutants":          "cmd/mutants/mutant cmd/mutants/trial",
	"cmd/mutants/mutant":   "",
	"cmd/mutants/schemata": "",
	"cmd/mutants/trial":    "cmd/mutants/mutant cmd/mutants/schemata",
	"cmd/recall": "checker/search checker/typestate csource/syntax csource/tree libvirt/eras model " +
		"scenarios",
}

// alone are packages that import the standard library and their own room, nothing else: the words
// that all speak, and the driver, which is what is under test.
var alone = []string{"model", "model/printable", "driver", "driver/drivertest"}

// layerOf is how high a package lies; -1 if it is in no layer.
func layerOf(pkg string) int {
	top, _, _ := strings.Cut(pkg, "/")
	return slices.Index(layers, top)
}

// imported are the imports of the files that ship, by package, on every system and with every build
// tag.
func imported(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	all := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != root && (strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata"):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(folder)
		targets := all[pkg]
		for _, i := range f.Imports {
			target, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(targets, target) {
				targets = append(targets, target)
			}
		}
		all[pkg] = targets
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Each package imports what arrows says, so an arrow that nobody needs does not hide the next
// mistake.
func TestArrows(t *testing.T) {
	all := imported(t)
	for pkg, targets := range all {
		line, ok := arrows[pkg]
		if !ok {
			t.Errorf("arrows lacks the package %s: give it a line", pkg)
			continue
		}
		may := strings.Fields(line)
		used := map[string]bool{}
		for _, target := range targets {
			inner, ours := strings.CutPrefix(target, module)
			used[inner] = ours
			if ours && !slices.Contains(may, inner) {
				t.Errorf("%s imports %s: no arrow leads there", pkg, inner)
			}
			host, _, _ := strings.Cut(target, "/")
			foreign := !ours && strings.Contains(host, ".") || ours && layerOf(inner) != layerOf(pkg)
			if foreign && slices.Contains(alone, pkg) {
				t.Errorf("%s imports %s, and may import the standard library alone", pkg, target)
			}
		}
		for _, to := range may {
			if !used[to] {
				t.Errorf("%s does not import %s: take the arrow out", pkg, to)
			}
		}
	}
	for pkg := range arrows {
		if _, ok := all[pkg]; !ok {
			t.Errorf("arrows names %s, which is no package", pkg)
		}
	}
}

// No arrow leads to a higher layer.
func TestArrowsPointDown(t *testing.T) {
	for pkg, line := range arrows {
		from := layerOf(pkg)
		if from < 0 {
			t.Errorf("%s is in no layer", pkg)
		}
		for _, to := range strings.Fields(line) {
			if layerOf(to) > from {
				t.Errorf("the arrow from %s to %s leads up", pkg, to)
			}
		}
	}
}

// roomOf is the folder of a layer in which a package lies with all that is below it:
// checker/conform has checker/conform/era.
func roomOf(pkg string) string {
	parts := strings.Split(pkg, "/")
	return strings.Join(parts[:min(len(parts), 2)], "/")
}

// Rooms make no circle either. Go refuses one of packages, but not two rooms that need each other's
// inner packages.
func TestRoomsMakeNoCircle(t *testing.T) {
	next := map[string][]string{}
	for pkg, line := range arrows {
		for _, to := range strings.Fields(line) {
			if from, to := roomOf(pkg), roomOf(to); from != to {
				next[from] = append(next[from], to)
			}
		}
	}
	done := map[string]bool{}
	var visit func(room string, path []string)
	visit = func(room string, path []string) {
		if slices.Contains(path, room) {
			t.Fatalf("a circle: %s", strings.Join(append(path, room), " -> "))
		}
		if done[room] {
			return
		}
		for _, to := range next[room] {
			visit(to, append(path, room))
		}
		done[room] = true
	}
	for room := range next {
		visit(room, nil)
	}
}
