package scenarios

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// TestErasCall looks whether every helper of an era is called in the era's suites, from some thread
// of some scenario. qemuProcessDied is what the fault domain-death calls.
func TestErasCall(t *testing.T) {
	suites, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, era := range []string{
		"2009-11", "2010-07", "2011-07", "2011-08", "2012-08", "2018-06", "2020-02", "2023-01",
	} {
		called, helpers := map[string]bool{}, []string(nil)
		for _, s := range suites {
			if s.Protocol != "libvirt-"+era || s.Name != "era-"+era && s.Name != "era-"+era+"-helpers" {
				continue
			}
			helpers = nil
			files, err := s.C(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			functions := map[string]*syntax.FuncDef{}
			for i, f := range files {
				for _, d := range f.Decls {
					if d, ok := d.(*syntax.FuncDef); ok {
						functions[d.Name] = d
						if i == 0 {
							helpers = append(helpers, d.Name)
						}
					}
				}
			}
			for _, sc := range s.Scenarios {
				for _, th := range sc.Closed() {
					reach(th.Function, functions, called)
				}
				for _, f := range sc.Faults {
					reach(f.Function(), functions, called)
				}
			}
		}
		if len(helpers) < 20 {
			t.Errorf("era-%s has %d helpers", era, len(helpers))
		}
		for _, h := range helpers {
			if !called[h] {
				t.Errorf("no thread of era-%s calls %s", era, h)
			}
		}
	}
}

// reach marks what a function calls, and what that calls.
func reach(name string, functions map[string]*syntax.FuncDef, called map[string]bool) {
	f := functions[name]
	if f == nil || called[name] {
		return
	}
	called[name] = true
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok {
			reach(id.Name, functions, called)
		}
		return true
	})
}

var settled = regexp.MustCompile(`\(([a-z0-9-]+):([a-z0-9-]+)\)$`)

// TestErasSettle looks whether what an era has settled is what another one fails: the scenario that
// is named at the end of its reason is there, and is not ok.
func TestErasSettle(t *testing.T) {
	suites, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]model.Verdict{}
	for _, s := range suites {
		for _, sc := range s.Scenarios {
			verdicts[s.Name+":"+sc.Name] = sc.Expect.Verdict
		}
	}
	pairs := map[string]int{}
	for _, s := range suites {
		for _, sc := range s.Scenarios {
			m := settled.FindStringSubmatch(sc.Why)
			if m == nil || !strings.HasPrefix(s.Name, "era-") {
				continue
			}
			pairs[s.Name]++
			switch other, ok := verdicts[m[1]+":"+m[2]]; {
			case !ok:
				t.Errorf("%s:%s names %s:%s, which is not there", s.Name, sc.Name, m[1], m[2])
			case sc.Expect.Verdict != model.OK || other == model.OK:
				t.Errorf("%s:%s is %s, and %s:%s is %s", s.Name, sc.Name, sc.Expect.Verdict, m[1], m[2], other)
			}
		}
	}
	for _, s := range suites {
		name := s.Name
		if !strings.HasPrefix(name, "era-") || s.Protocol != "libvirt-"+strings.TrimPrefix(name, "era-") {
			continue
		}
		open := slices.IndexFunc(suites, func(s *Suite) bool {
			return s.Name == name && slices.ContainsFunc(s.Scenarios, func(sc *Scenario) bool { return sc.Expect.Verdict != model.OK })
		})
		if pairs[name] == 0 || open < 0 {
			t.Errorf("%s settles %d, and leaves nothing open", name, pairs[name])
		}
	}
}
