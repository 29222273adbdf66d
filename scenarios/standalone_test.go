package scenarios

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// Every suite of the library, written as one file, loads and makes the same programs; so does every
// protocol, and every suite and protocol that is copied.
func TestStandalone(t *testing.T) {
	suites, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suites {
		text, err := s.Standalone(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		copied, err := CopySuite(t.Context(), s.Name)
		if err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{}
		for _, f := range copied {
			files[f.Name] = &fstest.MapFile{Data: f.Text}
		}
		for what, fsys := range map[string]fstest.MapFS{"standalone": {"s.yaml": {Data: []byte(text)}}, "copied": files} {
			again, err := LoadFS(t.Context(), fsys, ".")
			if err != nil {
				t.Errorf("%s %s: %v", s.Name, what, err)
				continue
			}
			if diff := cmp.Diff(shapes(t, s), shapes(t, again[0])); diff != "" {
				t.Errorf("%s %s: %s", s.Name, what, diff)
			}
		}
	}
	for _, p := range Protocols() {
		text, err := p.Standalone()
		if err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{}
		for _, f := range CopyProtocol(p.Name) {
			files[f.Name] = &fstest.MapFile{Data: f.Text}
		}
		const yaml = "suite: s\nprotocol: p.c\nsource: |\n  void f(virConnectPtr conn) { access(conn); }\n" +
			"scenarios: [{name: a, threads: [f(vm1)], expect: ok}]\n"
		files["s.yaml"] = &fstest.MapFile{Data: []byte(yaml)}
		files["p.c"] = files[p.Name+".c"]
		for what, fsys := range map[string]fstest.MapFS{"standalone": {"s.yaml": files["s.yaml"], "p.c": {Data: []byte(text)}}, "copied": files} {
			again, err := LoadFS(t.Context(), fsys, ".")
			if err != nil {
				t.Fatal(err)
			}
			if err := Check(t.Context(), again[0].Scenarios); err != nil {
				t.Errorf("%s %s: %v", p.Name, what, err)
			}
		}
	}
}

// shapes are the sizes of a suite's programs, by scenario.
func shapes(t *testing.T, s *Suite) map[string][]int {
	t.Helper()
	all := map[string][]int{}
	for _, sc := range s.Scenarios {
		p, err := sc.Program(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes := []int{len(p.Locks), len(p.Conds), len(p.Vars)}
		for _, th := range p.Threads {
			sizes = append(sizes, len(th.Nodes))
		}
		all[sc.Name+" expects "+sc.Expect.String()] = sizes
	}
	return all
}
