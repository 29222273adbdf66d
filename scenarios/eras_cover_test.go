package scenarios

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// TestErasCall looks whether every helper of an era is called, and does what it promises: by some
// thread of a scenario that is ok. qemuProcessDied is what the fault domain-death calls.
func TestErasCall(t *testing.T) {
	suites, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Protocols() {
		if !strings.HasPrefix(p.Name, "libvirt-") {
			continue
		}
		called, helpers := map[string]bool{}, []string(nil)
		for _, s := range suites {
			if s.Protocol != p.Name {
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
				if sc.Expect.Verdict != model.OK {
					continue
				}
				for _, th := range sc.Closed() {
					reach(th.Function, functions, called)
				}
				for _, f := range sc.Faults {
					reach(f.Function(), functions, called)
				}
			}
		}
		if len(helpers) < 20 {
			t.Errorf("%s has %d helpers", p.Name, len(helpers))
		}
		for _, h := range helpers {
			if !called[h] {
				t.Errorf("no scenario of %s that is ok calls %s", p.Name, h)
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

// TestErasRefuse looks whether each rule that a helper of an era sets is there for a reason: some
// scenario of the era breaks it first of all.
func TestErasRefuse(t *testing.T) {
	suites, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Protocols() {
		if !strings.HasPrefix(p.Name, "libvirt-") {
			continue
		}
		rules, broken := map[model.Pos]string{}, map[model.Pos]bool{}
		for _, s := range suites {
			if s.Protocol != p.Name {
				continue
			}
			files, err := s.C(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range files[0].Decls {
				if d, ok := d.(*syntax.FuncDef); ok {
					syntax.Walk(d.Body, func(n syntax.Node) bool {
						if c, ok := n.(*syntax.Call); ok && isRule(c) {
							rules[c.Pos()] = d.Name
						}
						return true
					})
				}
			}
			for _, sc := range s.Scenarios {
				if sc.Expect.Verdict != model.Violation {
					continue
				}
				p, err := sc.Program(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				r, err := search.Search(t.Context(), p, search.Options{Workers: 1})
				if err != nil {
					t.Fatal(err)
				}
				broken[r.Findings[0].Pos] = true
			}
		}
		if len(rules) < 20 {
			t.Errorf("%s has %d rules", p.Name, len(rules))
		}
		for pos, helper := range rules {
			if !broken[pos] {
				t.Errorf("%s: nobody breaks the rule of %s at %s", p.Name, helper, pos)
			}
		}
	}
}

func isRule(c *syntax.Call) bool {
	id, ok := c.Fun.(*syntax.Ident)
	return ok && (id.Name == "check" || id.Name == "requires")
}
