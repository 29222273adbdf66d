package planted

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/cmd/mutants/schemata"
)

// A defect is a mistake in the driver.
type defect struct {
	name, says string
	test       string // of the driver's own that notices it; "" in defects.txt
	patches    []patch
}

// A patch changes one function.
type patch struct {
	file, function string
	before, after  []string // lines, without white space around
}

// driverDir is where the driver's files are.
const driverDir = "../../driver"

// readDefects reads a file of testdata, in which each defect has a test or none has.
func readDefects(t *testing.T, file string, tests bool) []defect {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var all []defect
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		if strings.HasPrefix(block, "#") {
			continue
		}
		lines := strings.Split(block, "\n")
		if len(lines) < 4 {
			t.Fatalf("no defect: %q", block)
		}
		d, rest := defect{name: lines[0], says: lines[1]}, lines[2:]
		if tests {
			d.test, rest = rest[0], rest[1:]
		}
		for _, line := range rest {
			n := len(d.patches) - 1
			switch rest := strings.TrimSpace(line[1:]); {
			case line[0] == '-':
				d.patches[n].before = append(d.patches[n].before, rest)
			case line[0] == '+':
				d.patches[n].after = append(d.patches[n].after, rest)
			case line[0] == ' ':
				d.patches[n].before = append(d.patches[n].before, rest)
				d.patches[n].after = append(d.patches[n].after, rest)
			default:
				file, function, _ := strings.Cut(line, " ")
				d.patches = append(d.patches, patch{file: file, function: function})
			}
		}
		all = append(all, d)
	}
	return all
}

// version is the driver with the defect.
func (d *defect) version() (schemata.Version, error) {
	dir, err := filepath.Abs(driverDir)
	if err != nil {
		return nil, err
	}
	v := schemata.Version{}
	for _, p := range d.patches {
		path := filepath.Join(dir, p.file)
		text, ok := v[path]
		if !ok {
			if text, err = os.ReadFile(path); err != nil {
				return nil, err
			}
		}
		if v[path], err = p.apply(text); err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return v, nil
}

// apply puts the lines after in the place of the lines before.
func (p *patch) apply(text []byte) ([]byte, error) {
	from, to, err := span(text, p.function)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(text), "\n")
	at := -1
	for i := from; i+len(p.before) <= to+1; i++ {
		if !slices.EqualFunc(p.before, lines[i:i+len(p.before)], func(x, y string) bool { return x == strings.TrimSpace(y) }) {
			continue
		}
		if at >= 0 {
			return nil, fmt.Errorf("%s has %q twice", p.function, p.before)
		}
		at = i
	}
	if at < 0 {
		return nil, fmt.Errorf("%s does not have %q", p.function, p.before)
	}
	return []byte(strings.Join(slices.Replace(lines, at, at+len(p.before), p.after...), "\n")), nil
}

// span is the first and the last line of a function, from 0.
func span(text []byte, function string) (from, to int, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return 0, 0, err
	}
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && nameOf(d) == function {
			return fset.Position(d.Pos()).Line - 1, fset.Position(d.End()).Line - 1, nil
		}
	}
	return 0, 0, fmt.Errorf("there is no %s", function)
}

func nameOf(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if generic, ok := receiver.(*ast.IndexExpr); ok {
		receiver = generic.X
	}
	if id, ok := receiver.(*ast.Ident); ok {
		return id.Name + "." + d.Name.Name
	}
	return ""
}
