package planted

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/lockproof/lockproof/cmd/mutants/schemata"
)

var all = flag.Bool("all", false, "plant every defect, not only some of them")

// some are the defects that are planted without -all: one of each kind.
var some = []string{
	"NoRetest", "LostSignal", "NoTimeoutUnref", "MailErrorPath", "DomainInMonitor", "NoNotifyOnEOF", "NoEventRef", "LateRemoval",
}

// planting tells a process with a defect its name.
const planting = "LOCKPROOF_PLANTED"

// planted is the defect of this process, "" if it has none.
func planted() string { return os.Getenv(planting) }

// A build is the tests of a package with every defect of a list in them.
type build struct {
	dir, binary string
	err         error
}

// with makes such a build.
func with(pkg string, list []defect) (b build) {
	if b.dir, b.err = os.MkdirTemp("", "planted-"); b.err != nil {
		return b
	}
	var versions []schemata.Version
	for _, d := range list {
		v, err := d.version()
		if err != nil {
			b.err = err
			return b
		}
		versions = append(versions, v)
	}
	overlay, left, err := schemata.Overlay(b.dir, driverDir, versions)
	if err != nil {
		b.err = err
		return b
	}
	if len(left) > 0 {
		b.err = errors.New(list[left[0]].name + " changes more than the bodies of functions")
		return b
	}
	b.binary = filepath.Join(b.dir, "planted.test")
	out, err := exec.Command("go", "test", "-c", "-vet=off", "-overlay="+overlay, "-o", b.binary, pkg).CombinedOutput()
	if err != nil {
		b.err = errors.New(err.Error() + "\n" + string(out))
	}
	return b
}

// What is built on demand: this package's tests with the defects, and the driver's own with the
// mistakes that they notice.
var (
	defects, mistakes []defect
	here, own         = sync.OnceValue(func() build { return with(".", defects) }),
		sync.OnceValue(func() build { return with(driverDir, mistakes) })
)

func TestMain(m *testing.M) {
	code := m.Run()
	if defects != nil { // somebody has built
		os.RemoveAll(here().dir)
	}
	if mistakes != nil {
		os.RemoveAll(own().dir)
	}
	os.Exit(code)
}

// needsGo skips a test where there is nothing to build with.
func needsGo(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not here")
	}
}

// withEach runs the test that calls it again with each of the defects that with wants, each in a
// process of its own, and reports true; it reports false in such a process.
func withEach(t *testing.T, with func(name string) bool) bool {
	if planted() != "" {
		return false
	}
	needsGo(t)
	if defects == nil {
		defects = readDefects(t, "defects.txt", false)
	}
	b := here()
	if b.err != nil {
		t.Fatal(b.err)
	}
	for i, d := range defects {
		if !with(d.name) || !*all && !slices.Contains(some, d.name) {
			continue
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), b.binary, "-test.run=^"+topOf(t)+"$", "-test.v")
			cmd.Env = append(os.Environ(), planting+"="+d.name, schemata.Variable+"="+strconv.Itoa(i+1))
			out, err := cmd.CombinedOutput()
			t.Logf("%s\n%s", d.says, out)
			if err != nil {
				t.Error(err)
			}
		})
	}
	return true
}

// topOf is the name of the test that t is part of.
func topOf(t *testing.T) string { return filepath.Dir(t.Name()) }

// Some are defects, and every one of them, and of the mistakes, has a name of its own.
func TestNames(t *testing.T) {
	var names []string
	for _, d := range readDefects(t, "defects.txt", false) {
		names = append(names, d.name)
	}
	for _, n := range some {
		if !slices.Contains(names, n) {
			t.Errorf("there is no %s", n)
		}
	}
	if len(names) < 48 {
		t.Error(names)
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range readDefects(t, "mistakes.txt", true) {
		names = append(names, d.name)
		if top, _, _ := strings.Cut(d.test, "/"); !regexp.MustCompile(`\b`+d.name+`\b`).Match(doc) || !bytes.Contains(doc, []byte(top)) {
			t.Errorf("%s and %s are not in the table", d.name, top)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Error(names)
	}
}
