package outline_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/libvirt/outline"
	"github.com/lockproof/lockproof/scenarios"
)

var update = flag.Bool("update", false, "rewrite docs/eras.md")

const begin, end = "<!-- eras -->\n", "<!-- end -->\n"

// eras are those of libvirt that lockproof ships, oldest first.
func eras(t *testing.T) []*outline.Era {
	t.Helper()
	var all []*outline.Era
	for _, p := range scenarios.Protocols() {
		if !strings.HasPrefix(p.Name, "libvirt-") {
			continue
		}
		e, err := outline.Of(t.Context(), &p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *outline.Era) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// TestErasDoc holds docs/eras.md against the C of the eras.
func TestErasDoc(t *testing.T) {
	name := filepath.Join("..", "..", "docs", "eras.md")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q and %q", name, begin, end)
	}
	want := head + begin + "\n" + outline.Table(eras(t)) + "\n" + end + tail
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(text), want); diff != "" {
		t.Errorf("go test ./libvirt/outline -update (-is +should be):\n%s", diff)
	}
}

// What the corpus of libvirt's bugs says of its helpers stands in the C of the eras.
func TestContracts(t *testing.T) {
	for _, tt := range []struct{ era, helper, requires, does string }{
		{"2009-11", "qemuDomainObjBeginJob", "!held(&driver->lock)", "take priv->jobActive = 1"},
		{"2009-11", "qemuDomainObjEnterMonitorWithDriver", "held(&drv->lock)", "unlock drv->lock"},
		{"2010-07", "qemuDomainObjEndJob", "held(&priv->jobActive)", "unref vm"},
		{"2010-07", "qemuDomainObjEnterMonitor", "virDomainObjIsActive(vm)", "ref priv->mon"},
		{"2011-07", "qemuDomainObjBeginJobWithDriver", "held(&driver->lock)", "unlock driver->lock"},
		{"2011-08", "qemuDomainObjBeginJob", "!held(&driver->lock)", "(take priv->job.active = job)"},
		{"2011-08", "qemuDomainObjEnterMonitorAsync", "held(&priv->job.active), unless the helper sees to it", "unlock vm->lock"},
		{"2011-08", "qemuMigrationJobContinue", "held(&priv->job.asyncOwner)", "end priv->job.asyncOwner"},
		{"2012-08", "qemuDomainRemoveInactive", "held(&driver->lock)", "take off the list vm"},
		{"2012-08", "qemuProcessKill", "held(&vm->lock)", "(unlock vm->lock)"},
	} {
		e, err := outline.Named(t.Context(), tt.era)
		if err != nil {
			t.Fatal(err)
		}
		h := e.Find(tt.helper)
		if h == nil {
			t.Errorf("%s has no %s", tt.era, tt.helper)
			continue
		}
		has := func(s string) bool { return s == tt.requires || strings.HasPrefix(s, tt.requires+" (") }
		if !slices.ContainsFunc(h.Requires, has) || !slices.Contains(h.Does, tt.does) {
			t.Errorf("%s %s requires %q and does %q, want %q and %q", tt.era, h.Name, h.Requires, h.Does, tt.requires, tt.does)
		}
	}
	if _, err := outline.Named(t.Context(), "libvirt-2011-8"); err == nil || !strings.Contains(err.Error(), "libvirt-2011-08") {
		t.Error(err)
	}
}

// TestDiff compares two eras that differ in little, and one with itself.
func TestDiff(t *testing.T) {
	named := func(name string) *outline.Era {
		e, err := outline.Named(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	text := outline.Diff(named("2011-07"), named("2011-08"))
	for _, want := range []string{
		"--- libvirt-2011-07: libvirt of July 2011", "+++ libvirt-2011-08: ", "\nhelpers added\n", "\nhelpers removed\n  int qemuDomainObjBeginNestedJob(",
		"\nhelpers changed\n", "  qemuDomainObjEnterMonitor\n      is now void qemuDomainObjEnterMonitor(",
		"  void qemuAgentLock(qemuAgentPtr agent)\n      does: lock agent->lock\n", "\ndiff libvirt-2011-07.c libvirt-2011-08.c\n",
		"\n-        if (!virDomainObjIsActive(vm))\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	same := named("mail-2009-10")
	if text := outline.Diff(same, same); !strings.HasSuffix(text, "\n\nno helper differs\n") {
		t.Errorf("%s", text)
	}
}
