package planted

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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

// build makes this package's tests with every defect in them. Who was asked first says how it went.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "planted-")
	if err != nil {
		return "", err
	}
	var versions []schemata.Version
	for _, d := range defects {
		v, err := d.version()
		if err != nil {
			return dir, err
		}
		versions = append(versions, v)
	}
	overlay, left, err := schemata.Overlay(dir, driverDir, versions)
	if err != nil {
		return dir, err
	}
	if len(left) > 0 {
		return dir, errors.New(defects[left[0]].name + " changes more than the bodies of functions")
	}
	out, err := exec.Command("go", "test", "-c", "-vet=off", "-overlay="+overlay, "-o", filepath.Join(dir, "planted.test"), ".").CombinedOutput()
	if err != nil {
		return dir, errors.New(err.Error() + "\n" + string(out))
	}
	return dir, nil
})

var defects []defect

func TestMain(m *testing.M) {
	code := m.Run()
	if defects != nil { // somebody may have built
		dir, _ := build() // for its directory alone: a failure was told
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// withEach runs the test that calls it again with each of the defects that with wants, each in a
// process of its own, and reports true; it reports false in such a process.
func withEach(t *testing.T, with func(name string) bool) bool {
	if planted() != "" {
		return false
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not here")
	}
	if defects == nil {
		defects = readDefects(t)
	}
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range defects {
		if !with(d.name) || !*all && !slices.Contains(some, d.name) {
			continue
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "planted.test"), "-test.run=^"+topOf(t)+"$", "-test.v")
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

// Some are defects, and every one of them has a name of its own.
func TestNames(t *testing.T) {
	var names []string
	for _, d := range readDefects(t) {
		names = append(names, d.name)
	}
	for _, n := range some {
		if !slices.Contains(names, n) {
			t.Errorf("there is no %s", n)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(names) || len(names) < 48 {
		t.Error(names)
	}
}
